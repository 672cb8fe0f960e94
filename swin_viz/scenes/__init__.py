"""Drawn pictures with their truth, and the small Swin that was trained on them: the model that ships in `assets/`."""
