"""Runs that start because something was pushed."""
