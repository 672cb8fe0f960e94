"""The Overview in the browser."""
