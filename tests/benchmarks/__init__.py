"""Benchmarks, each printed as a table; `make bench` runs them."""
