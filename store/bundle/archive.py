"""Packs texts into a tar file."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from datetime import datetime


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
