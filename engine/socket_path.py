"""Where the engine listens. A socket's address holds about a hundred bytes; a workspace may lie deeper than that."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_ADDRESS = 100
"""In bytes; Linux allows 107 and macOS 103."""
_SHORT_PLACE = Path("/tmp")
_PREFIX = "runroom-"


@contextmanager
def listening_address(wanted: Path) -> Iterator[Path]:
    """The path to bind: the wanted one, or, where that is too long, one in a private folder that it is a link to."""
    _remove_leftover(wanted)
    if len(os.fsencode(wanted)) <= LONGEST_ADDRESS:
        try:
            yield wanted
        finally:
            wanted.unlink(missing_ok=True)
        return
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_SHORT_PLACE))
    try:
        wanted.symlink_to(folder / wanted.name)
        yield folder / wanted.name
    finally:
        wanted.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _remove_leftover(wanted: Path) -> None:
    """An engine that was killed took away neither its socket nor the private folder of it."""
    with contextlib.suppress(OSError):
        folder = wanted.readlink().parent
        if folder.parent == _SHORT_PLACE and folder.name.startswith(_PREFIX):
            shutil.rmtree(folder, ignore_errors=True)
    wanted.unlink(missing_ok=True)


def connecting_address(wanted: Path) -> Path:
    """The path to connect to."""
    with contextlib.suppress(OSError):
        return wanted.readlink()
    return wanted
