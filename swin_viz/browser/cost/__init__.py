"""The derivation of the cost formulas in the browser."""
