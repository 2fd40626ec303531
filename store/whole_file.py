"""Puts a file where a person wants one: whole or not at all, and never over another one unasked."""

import os
from contextlib import suppress
from pathlib import Path


class FileNotWritten(Exception):
    """The file could not be put there. Says why, in a sentence."""


def write_whole(target: Path, content: bytes, overwrite: bool) -> None:
    """The file is its owner's alone. Raises FileNotWritten, also where one is and must not be replaced."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        if not overwrite and target.exists():
            raise FileNotWritten(f"{target} exists already; --force overwrites it, --output names another file.")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        partial.replace(target)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise FileNotWritten(f"{target} cannot be written: {error.strerror}.") from error
