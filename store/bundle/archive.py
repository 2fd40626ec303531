"""Packs texts into a tar file that only its owner can read."""

import gzip
import io
import os
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path


class BundleNotWritten(Exception):
    """The bundle could not be put there. Says why, in a sentence."""


def packed(folder: str, texts: Mapping[str, str], at: datetime) -> bytes:
    """The files in a folder of this name as `.tar.gz`; nobody's name or number is in it."""
    content = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=content, mtime=at.timestamp()) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path, text in texts.items():
            data = text.encode("utf-8", "replace")
            entry = tarfile.TarInfo(f"{folder}/{path}")
            entry.size, entry.mtime, entry.mode = len(data), int(at.timestamp()), 0o644
            tar.addfile(entry, io.BytesIO(data))
    return content.getvalue()


def write_archive(target: Path, content: bytes, overwrite: bool) -> None:
    """Puts the file there, whole or not at all. Raises BundleNotWritten, also where one is and must not be replaced."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        if not overwrite and target.exists():
            raise BundleNotWritten(f"{target} exists already; --force overwrites it, --output names another file.")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        partial.replace(target)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise BundleNotWritten(f"{target} cannot be written: {error.strerror}.") from error
