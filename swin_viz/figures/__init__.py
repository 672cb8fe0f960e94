"""From arrays and tables to figures; nothing here computes a model or knows the server."""
