"""The demo: two projects over the flights of New York City in 2013, and the workspace that holds them."""
