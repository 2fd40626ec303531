"""What holds in every test of the screens: no blocking call on the event loop."""

from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, BlockBusterFunction
from hypothesis import settings

_WATCHED_PACKAGES = ["tui", "store", "engine", "textual"]
"""Only calls made from these fail: a test itself may write its files as it likes."""

_MORE_FILE_CALLS = ("open", "pread", "fstat", "lstat")

# How long one example takes says nothing on a machine that others use too.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture(autouse=True)
def blocking_calls_fail() -> Iterator[None]:
    """Make file, database and socket calls on the event loop raise `blockbuster.BlockingError`."""
    guard = BlockBuster(_WATCHED_PACKAGES)
    for name in _MORE_FILE_CALLS:
        guard.functions[f"os.{name}"] = BlockBusterFunction(None, f"os.{name}", scanned_modules=_WATCHED_PACKAGES)
    guard.activate()
    yield
    guard.deactivate()
