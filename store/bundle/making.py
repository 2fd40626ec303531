"""Makes the bundle of a run: all that somebody else needs to look into what went wrong, in one file."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.bundle.archive import packed
from store.bundle.contents import Mask, files_of, short_text
from store.bundle.material import Material, gather
from store.paths import WorkspacePaths
from store.readers import Reads
from store.whole_file import write_whole

MaskFor = Callable[[Path | None], Mask]
"""What takes the secrets out of texts about the project in a folder; reads files. None: the folder is not known."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was written: where, how many bytes, which files are in it, and its short form in Markdown."""

    path: Path
    size: int
    files: tuple[str, ...]
    short: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A bundle as the bytes of its file, with the names of the files in it and its short form in Markdown."""

    name: str
    content: bytes
    files: tuple[str, ...]
    short: str


async def make_bundle(
    reads: Reads,
    paths: WorkspacePaths,
    run_id: int,
    mask_for: MaskFor,
    target: Path,
    now: datetime,
    overwrite: bool = False,
) -> Bundle:
    """Reads the run as it is now and writes its bundle; in a folder, under the bundle's own name.

    Raises StoreError, FileNotWritten.
    """
    bundle = await pack_bundle(reads, paths, run_id, mask_for, now)
    return await asyncio.to_thread(_write, bundle, target, overwrite)


async def pack_bundle(reads: Reads, paths: WorkspacePaths, run_id: int, mask_for: MaskFor, now: datetime) -> Packed:
    """Reads the run as it is now; nothing is written. Raises StoreError."""
    material = await gather(reads, paths, run_id, now)
    return await asyncio.to_thread(_packed, material, mask_for)


def bundle_name(run_id: int) -> str:
    """What the file is called."""
    return f"{_folder(run_id)}.tar.gz"


def _folder(run_id: int) -> str:
    return f"runroom-run-{run_id}"


def _packed(material: Material, mask_for: MaskFor) -> Packed:
    mask = mask_for(Path(material.request.project_path) if material.request is not None else None)
    run_id = material.record.run.id
    texts = files_of(material, mask)
    content = packed(_folder(run_id), texts, material.now)
    return Packed(bundle_name(run_id), content, tuple(texts), short_text(material, mask))


def _write(bundle: Packed, target: Path, overwrite: bool) -> Bundle:
    if target.is_dir():
        target /= bundle.name
    write_whole(target, bundle.content, overwrite)
    return Bundle(target.absolute(), len(bundle.content), bundle.files, bundle.short)
