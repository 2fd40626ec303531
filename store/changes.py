"""What lies between the project's files of one run and those of an earlier one, as values."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from store.events import ModelChange, Part

FileChangeKind = Literal["added", "deleted", "modified"]

ADDED = "added"
REMOVED = "removed"
DIRECT = "directly_modified"
INDIRECT = "indirectly_modified"
METADATA = "metadata"
FORMATTING = "formatting"
CHANGE_KINDS = (REMOVED, ADDED, DIRECT, INDIRECT, METADATA, FORMATTING)
"""How a model may differ, what matters most first."""

WORDS: Mapping[str, str] = {
    ADDED: "added",
    REMOVED: "removed",
    DIRECT: "modified",
    INDIRECT: "indirect",
    METADATA: "metadata",
    FORMATTING: "formatting",
}
"""The word that people read for each."""


class FileChange(Part):
    """A file that differs, by its path within the project."""

    path: str
    change: FileChangeKind


class CommitRecord(Part):
    """A commit: who, when, and the first line of its message."""

    sha: str
    author: str
    at: AwareDatetime
    subject: str


class SettingChange(Part):
    """A setting or the version of a package that differs; None where it was, or is, not there."""

    name: str
    before: str | None = None
    after: str | None = None


class FileDiff(Part):
    """How the text of a file differs, as a unified diff; None for what is no text, or too long."""

    path: str
    diff: str | None = None


class VersionChanges(Part):
    """What differs between the files of run `run` and those of a later run.

    `causes` names, by model, the nearest changed models upstream of one that changed indirectly. `commits` are new
    since then, `undone` were there then and are gone. `settings` are those of the job, `packages` also name the tool
    itself, `configuration` are the project's own configuration files.
    """

    run: int
    version: str | None = None
    models: tuple[ModelChange, ...] = ()
    causes: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    commits: tuple[CommitRecord, ...] = ()
    undone: tuple[CommitRecord, ...] = ()
    files: tuple[FileChange, ...] = ()
    configuration: tuple[FileDiff, ...] = ()
    settings: tuple[SettingChange, ...] = ()
    packages: tuple[SettingChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs at all."""
        return not (self.models or self.commits or self.undone or self.files or self.settings or self.packages)


class ChangeDetails(Part):
    """What a run's `changes` event carries beyond its models.

    `previous` compares with the run before of the same job and environment, its models being those of the event;
    `good` with the last one that went well, where that is another run.
    """

    previous: VersionChanges | None = None
    good: VersionChanges | None = None

    def as_details(self) -> dict[str, Any]:
        """As the event carries it."""
        return self.model_dump(mode="json", exclude_defaults=True)
