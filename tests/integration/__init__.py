"""Real tools, real processes, real files."""
