"""How to go on after a name that nobody knows."""

from engine.configuration.names import suggestion

__all__ = ["suggestion"]
