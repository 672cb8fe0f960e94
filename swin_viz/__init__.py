"""See how a Swin Transformer works: the network, its capture, its pictures, its lessons."""
