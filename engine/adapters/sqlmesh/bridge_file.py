"""Packs the bridge into one file that any Python can run: `python -P bridge.pyz COMMAND …`."""

import os
import zipfile
from pathlib import Path

SOURCE = Path(__file__).parent / "bridge"

PACKAGE = "runroom_bridge"
"""The only name that the file adds to the import path, so that it cannot shadow a module of the project."""

ENTRY = f"import sys\n\nfrom {PACKAGE}.main import main\n\nsys.exit(main(sys.argv[1:]))\n"

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time that an archive can hold. The same for all members: the same sources make the same bytes."""


def write_bridge(target: Path) -> Path:
    """Writes the bridge to `target`, all at once, and returns it. Raises OSError where that is not possible."""
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("__main__.py", EPOCH), ENTRY)
        for source in sorted(SOURCE.glob("*.py")):
            archive.writestr(zipfile.ZipInfo(f"{PACKAGE}/{source.name}", EPOCH), source.read_bytes())
    partial.replace(target)
    return target
