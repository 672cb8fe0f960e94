"""The player of all step-by-step screens, and each screen's own view below it."""
