"""The Overview below its opening."""
