"""What a run executed of a model, where the tool's own artifacts do not tell it: a file for each model (DESIGN §5)."""

import re
from pathlib import Path
from typing import Literal

from store.events import Column, Part
from store.paths import RunPaths

DEFINITIONS_FOLDER = "definitions"
EXECUTED_FOLDER = "executed"
_OUTSIDE_A_FILE_NAME = re.compile(r"[^\w.-]+")


class RecordedDefinition(Part):
    """A model as a run executed it.

    `definition` is what its author wrote, as the tool keeps it; `query` what that comes to without the run's own
    intervals, so that it differs only when the model does; both in `dialect`.
    """

    model: str
    name: str
    language: Literal["sql", "python", "csv"] = "sql"
    dialect: str | None = None
    definition: str | None = None
    query: str | None = None
    columns: tuple[Column, ...] = ()


def file_stem(model: str) -> str:
    """A name for a file about this model: no quotes, nothing that a file system minds."""
    return _OUTSIDE_A_FILE_NAME.sub("_", model.replace('"', ""))


def definition_file(paths: RunPaths, model: str) -> Path:
    """Where a run keeps the RecordedDefinition of a model, as JSON."""
    return paths.target / DEFINITIONS_FOLDER / f"{file_stem(model)}.json"


def executed_file(paths: RunPaths, model: str) -> Path:
    """Where a run keeps the last statement that wrote a model."""
    return paths.target / EXECUTED_FOLDER / f"{file_stem(model)}.sql"
