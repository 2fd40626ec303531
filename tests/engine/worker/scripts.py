"""Small Python programs that play the tool."""

import os
import sys
from pathlib import Path

from engine.adapters.base import ToolCommand


def python(source: str, *arguments: str, cancel_by_control: bool = False) -> ToolCommand:
    """A command that runs the source; `{events}` and `{control}` among the arguments become descriptors."""
    return ToolCommand(
        arguments=[sys.executable, "-I", "-S", "-u", "-c", source, *arguments],
        folder=Path("/"),
        environment={"PATH": os.environ["PATH"]},
        cancel_by_control=cancel_by_control,
    )
