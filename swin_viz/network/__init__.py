"""Swin Transformer V1 as it runs: variants, windows, captured points, the model, its ablations. Torch only."""
