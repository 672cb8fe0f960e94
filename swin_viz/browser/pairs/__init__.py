"""Pair by pair in the browser."""
