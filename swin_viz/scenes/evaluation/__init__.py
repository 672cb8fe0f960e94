"""What the built-in model learned, measured: its card."""
