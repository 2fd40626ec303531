"""Draws a directed graph from left to right with the characters of a terminal: values in, places of characters out."""
