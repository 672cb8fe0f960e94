"""The Attention screen's browser side."""
