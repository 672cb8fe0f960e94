"""Checkpoints of any family: container, tensors, family, architecture, each visited once."""
