"""What requests to the API over TCP may say, and how they are read."""

import json
from http import HTTPStatus
from typing import Any, Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.api.problems import ApiProblem
from engine.protocol import RerunMode
from store.models import RunKind, RunOptions

M = TypeVar("M", bound=BaseModel)


class Body(BaseModel):
    """Base of the bodies: a key that is not known is refused, as in `runroom.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StartBody(Body):
    """Starts a job, or `steps` in an environment. `trigger` may say that another scheduler asks."""

    job: str | None = None
    environment: str | None = None
    new_environment: bool = False
    kind: RunKind | None = None
    steps: tuple[str, ...] = ()
    name: str | None = Field(default=None, min_length=1, max_length=200)
    trigger: Literal["api", "external"] = "api"
    options: RunOptions = Field(default_factory=RunOptions)
    version: str | None = Field(default=None, pattern=r"^[0-9a-f]{7,64}$")


class RerunBody(Body):
    """Runs again: with the `latest` files, the `same` ones, or only what `failed`."""

    mode: RerunMode = "latest"


class RenameBody(Body):
    """Another name."""

    name: str = Field(min_length=1, max_length=200)


class NoteBody(Body):
    """What is known of a failure, in Markdown."""

    note: str | None = Field(default=None, max_length=10_000)


class PauseBody(Body):
    """Why a job shall not start by itself."""

    reason: str = Field(min_length=1, max_length=200)


class RestoreBody(Body):
    """Puts files back: `present` is what the preview said; `stash` puts edits aside, `undo` takes the last one back."""

    present: str | None = None
    stash: bool = False
    undo: bool = False


class PinBody(Body):
    """What a job that always runs the files of a run shall be called."""

    name: str = Field(min_length=1, max_length=100)


class NoBody(Body):
    """Nothing more is to be said."""


async def body_of(request: web.Request, kind: type[M]) -> M:
    """What the request says; no body is one without keys. Raises ApiProblem, 400 for no JSON and 422 for another."""
    try:
        content = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError) as error:
        raise ApiProblem(HTTPStatus.BAD_REQUEST, "not-json", f"The body is no JSON: {error}.") from error
    return checked(kind, content)


def checked(kind: type[M], content: Any) -> M:
    """Raises ApiProblem naming the first key that is wrong."""
    try:
        # As JSON, in which lists stand for tuples and sets.
        return kind.model_validate_json(json.dumps(content))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"]) or "the body"
        raise ApiProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"{where}: {problem['msg'][:1].lower()}{problem['msg'][1:]}."
        ) from error
