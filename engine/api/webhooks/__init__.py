"""Forges tell of pushes and of pull or merge requests: who they are, what they say, and what comes of it."""
