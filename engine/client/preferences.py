"""What people set for the app alone; apart from the rest, because every start reads it."""

from engine.configuration.keys import WrittenKeys, written_keys

__all__ = ["WrittenKeys", "written_keys"]
