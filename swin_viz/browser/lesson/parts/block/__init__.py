"""The parts of a block on the real run: its norms, the residual stream, the MLP, what is dropped."""
