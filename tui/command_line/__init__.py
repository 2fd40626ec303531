"""The command line: plain text for people and pipes, JSON for programs, one file a command or small group of them."""
