"""A lock that is gone when its holder is, however that went."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.lock import LockTaken, hold_lock, is_locked

_HOLDER = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from engine.lock import hold_lock
with hold_lock(Path({lock!r})):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(lock: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the lock until its input ends."""
    source = _HOLDER.format(path=sys.path, lock=str(lock))
    with subprocess.Popen(
        [sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        assert process.stdin is not None
        process.stdin.close()


def test_one_process_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "engine.lock"
    with held_elsewhere(lock) as process:
        assert is_locked(lock)
        assert lock.read_text("utf-8") == f"{process.pid}\n"
        with pytest.raises(LockTaken), hold_lock(lock):
            pass

    assert not is_locked(lock)
    with hold_lock(lock):
        assert is_locked(lock)


def test_a_lock_does_not_outlive_a_killed_holder(tmp_path: Path) -> None:
    lock = tmp_path / "engine.lock"
    with held_elsewhere(lock) as process:
        process.kill()
        process.wait()
        assert not is_locked(lock)
        with hold_lock(lock):
            pass


def test_a_lock_that_nobody_ever_held(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "engine.lock")
    assert not (tmp_path / "engine.lock").exists()


def test_an_error_frees_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "engine.lock"
    with pytest.raises(ZeroDivisionError), hold_lock(lock):
        raise ZeroDivisionError

    assert not is_locked(lock)
