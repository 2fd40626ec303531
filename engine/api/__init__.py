"""The engine's API over TCP: bearer tokens, problem details, and what the command line can do with runs."""
