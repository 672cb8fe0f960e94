"""The machinery taken apart: sequences of steps, each computed by the functions that the model runs."""
