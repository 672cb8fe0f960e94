"""What attention costs by the clock of this machine."""
