"""What such a process is asked, and how it begins its answer. The bytes of the answer come behind that."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Message(BaseModel):
    """Base of all of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RunQuestion(Message):
    """All that is recorded of a run."""

    about: Literal["run"] = "run"
    run: int


class CausesQuestion(Message):
    """Why did a run fail?"""

    about: Literal["causes"] = "causes"
    run: int


class LineageQuestion(Message):
    """The graph of a run, or what is around a model of it; as JSON, or for Graphviz."""

    about: Literal["lineage"] = "lineage"
    run: int
    model: str | None = None
    up: int | None = None
    down: int | None = None
    as_dot: bool = False


class ModelQuestion(Message):
    """All about a model in a run; or where one of its columns comes from, and who uses it."""

    about: Literal["model"] = "model"
    run: int
    model: str
    column: str | None = None


class ComparisonQuestion(Message):
    """Runs side by side."""

    about: Literal["comparison"] = "comparison"
    runs: tuple[int, ...]


class ChangesQuestion(Message):
    """What differs since an earlier run: the one that is named, else the previous one of the job, or last good one."""

    about: Literal["changes"] = "changes"
    run: int
    since: int | None = None
    last_good: bool = False


class BundleQuestion(Message):
    """All that somebody else needs to look into a run, as an archive; or the short form of it."""

    about: Literal["bundle"] = "bundle"
    run: int
    short: bool = False


class SearchQuestion(Message):
    """The lines with a pattern in the logs of a run, or of the last runs of a job; `limit` lines at most."""

    about: Literal["search"] = "search"
    pattern: str
    regex: bool
    run: int | None
    job: str | None
    last: int | None
    limit: int


class LinesQuestion(Message):
    """The lines of a run's logs that are of a step, a model, a level or worse, and match.

    At most `limit` of them, as JSON or as they stand in the logs; with `follow`, as they come until the run is over.
    """

    about: Literal["lines"] = "lines"
    run: int
    step: str | None = None
    model: str | None = None
    level: str = "DEBUG"
    grep: str | None = None
    limit: int | None = None
    as_text: bool = False
    follow: bool = False


Question = Annotated[
    RunQuestion
    | CausesQuestion
    | LineageQuestion
    | ModelQuestion
    | ComparisonQuestion
    | ChangesQuestion
    | BundleQuestion
    | SearchQuestion
    | LinesQuestion,
    Field(discriminator="about"),
]


class Asked(Message):
    """A question about the workspace in a folder, asked at a moment."""

    workspace: Path
    now: datetime
    question: Question


class Begun(Message):
    """There is an answer; `file_name` is what a file of it would be called."""

    type: Literal["begun"] = "begun"
    content_type: str = "application/json"
    file_name: str | None = None


class Refused(Message):
    """There is none: what is asked about is not there, it cannot be asked so, or it could not be read."""

    type: Literal["refused"] = "refused"
    why: Literal["not_there", "wrong", "broken"]
    sentence: str


Head = Annotated[Begun | Refused, Field(discriminator="type")]
HEAD: TypeAdapter[Head] = TypeAdapter(Head)
