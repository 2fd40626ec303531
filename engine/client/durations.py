"""Stretches of time as people write them, for commands that take one."""

from engine.configuration.durations import parse_duration

__all__ = ["parse_duration"]
