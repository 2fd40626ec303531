"""Folders that are there for a moment, made and taken away beside the event loop."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def scratch_folder(beside: Path | None = None) -> AsyncIterator[Path]:
    """An empty folder of one's own, `beside` other files or where temporary files go. Raises OSError."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=".runroom-", dir=beside))
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, True)
