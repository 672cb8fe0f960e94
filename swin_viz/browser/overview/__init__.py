"""The Overview: one token's way through the network, and the whole of it."""
