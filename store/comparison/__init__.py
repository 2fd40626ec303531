"""Runs side by side: what differs between two, three or four of them."""
