"""Versions: the project's files as runs saw them, and what can be told from them and done with them."""
