"""What attention costs: by formula, by counting the real operators, by the clock, and as the paper measured it."""
