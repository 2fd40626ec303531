"""Stretches of time as people write them, for commands that take one."""

from engine.configuration.durations import moment_ago, parse_duration

__all__ = ["moment_ago", "parse_duration"]
