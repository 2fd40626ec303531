"""dbt's partial parse, carried from one run of a project and environment to the next.

dbt keeps it in the target folder, and each run has a target folder of its own. dbt itself checks whether it still
fits (version, variables, profile, files), so that a stale one costs time but never correctness.
"""

import contextlib
import os
import re
import shutil
from pathlib import Path

from store.paths import RunPaths

PARTIAL_PARSE = "partial_parse.msgpack"


def cache_file(paths: RunPaths, project: str, environment: str) -> Path:
    """Where the workspace keeps the last partial parse of this project and environment."""
    name = "-".join(re.sub(r"[^\w.]", "_", part) for part in (project, environment))
    return paths.folder.parent.parent / "cache" / "dbt" / f"{name}.msgpack"


def bring_in(cache: Path, target: Path) -> None:
    """Gives the run the last partial parse, where there is one."""
    target.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        shutil.copyfile(cache, target / PARTIAL_PARSE)


def take_out(target: Path, cache: Path) -> None:
    """Moves the run's partial parse to where the next run finds it; that sees the old or the new one, never a part.

    The folder is for its owner alone: dbt keeps the values of environment variables in this file.
    """
    fresh = target / PARTIAL_PARSE
    if not fresh.is_file():
        return
    cache.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = cache.with_name(f"{cache.name}.{os.getpid()}")
    shutil.move(fresh, partial)
    partial.replace(cache)
