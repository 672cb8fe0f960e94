"""What lessons share below their boards; and what a lesson has of its own."""
