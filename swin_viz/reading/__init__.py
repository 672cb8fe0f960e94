"""What strangers hand in: pictures and checkpoints, checked and bounded; nothing in them is executed."""
