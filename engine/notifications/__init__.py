"""Tells people of what happens to runs: what is worth a message, what it says, how it gets there."""
