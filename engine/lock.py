"""One engine a workspace, one worker a run: a lock that the kernel drops when its holder dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Whoever asks with `is_locked` holds the lock for an instant, which must not keep the one out that it is for.
_TRIES = 20
_PAUSE_S = 0.01


class LockTaken(Exception):
    """Another living process holds the lock."""


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Holds the lock while the context lasts, with this process's number in it.

    Raises LockTaken, within a fifth of a second, when it is held already.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not any(_take(descriptor) for _ in range(_TRIES)):
            raise LockTaken(str(path))
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(_PAUSE_S)
        return False
    return True


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
