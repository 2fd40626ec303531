"""The command line: plain text for people and pipes, JSON for programs, one file a command or small group of them."""

import gc

# Before anything else is imported: modules are objects that stay, and collecting among them takes a tenth of the time
# to the first picture. Later a frame makes many short-lived ones: key presses wait less for fewer collections.
gc.set_threshold(100_000, 50, 100)
