"""Makes the bundle of a run: all that somebody else needs to look into what went wrong, in one file."""

import asyncio
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.paths import WorkspacePaths
from tui.bundle.archive import packed, write_archive
from tui.bundle.contents import Mask, files_of, short_text
from tui.bundle.material import Material, gather
from tui.services import Reads


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was written: where, how many bytes, which files are in it, and its short form in Markdown."""

    path: Path
    size: int
    files: tuple[str, ...]
    short: str


async def make_bundle(
    reads: Reads, paths: WorkspacePaths, run_id: int, target: Path, now: datetime, overwrite: bool = False
) -> Bundle:
    """Reads the run as it is now and writes its bundle; in a folder, under the bundle's own name.

    Raises StoreError, BundleNotWritten.
    """
    material = await gather(reads, paths, run_id, now)
    return await asyncio.to_thread(_write, material, target, overwrite)


def bundle_name(run_id: int) -> str:
    """What the file is called."""
    return f"{_folder(run_id)}.tar.gz"


def _folder(run_id: int) -> str:
    return f"runroom-run-{run_id}"


def _write(material: Material, target: Path, overwrite: bool) -> Bundle:
    mask = _mask(material)
    run_id = material.record.run.id
    if target.is_dir():
        target /= bundle_name(run_id)
    texts = files_of(material, mask)
    content = packed(_folder(run_id), texts, material.now)
    write_archive(target, content, overwrite)
    return Bundle(target.absolute(), len(content), tuple(texts), short_text(material, mask))


def _mask(material: Material) -> Mask:
    # Loading what knows the tools' files takes a moment that only a bundle needs.
    from engine.client.secrets import mask_for

    folder = Path(material.request.project_path) if material.request is not None else None
    return mask_for(folder, os.environ)
