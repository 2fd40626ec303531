"""Which models of a project a run is about: a tree to tick in, and what the ticks mean to the tool."""
