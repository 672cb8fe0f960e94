"""Pictures from any bytes: decoded, framed, as the model's input."""
