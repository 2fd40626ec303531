"""The record: what a run is, and all that happened to it."""
