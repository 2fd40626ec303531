"""Which runs a request asks for: the filters of the lists, as parameters of the address; and which actions."""

from http import HTTPStatus
from typing import Any, Literal, TypeVar, get_origin

from aiohttp import web
from pydantic import Field

from engine.api.messages import Body, checked
from engine.api.problems import ApiProblem
from engine.configuration.names import suggestion
from store.filters import RunFilter
from store.models import Handling, RunKind, Trigger
from store.status import RunStatus

Q = TypeVar("Q", bound=Body)


class RunQuery(Body):
    """The parameters; `after` is the number of the last run of the page before, `limit` how many a page has."""

    status: tuple[RunStatus, ...] = ()
    kind: tuple[RunKind, ...] = ()
    trigger: tuple[Trigger, ...] = ()
    project: str | None = None
    environment: str | None = None
    job: str | None = None
    author: str | None = None
    cause: str | None = None
    handling: Handling | None = None
    archived: Literal["no", "only", "too"] = "no"
    q: str = ""
    order: Literal["newest", "oldest"] = "newest"
    limit: int = Field(default=50, ge=1, le=500)
    after: int | None = Field(default=None, ge=0, lt=2**63)

    def filter(self) -> RunFilter:
        """The same for the store. Raises ApiProblem for two projects."""
        projects = {name for name in (self.project, _prefix(self.environment), _prefix(self.job)) if name}
        if len(projects) > 1:
            named = " and of project ".join(sorted(projects))
            raise ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"No run is of project {named}.")
        return RunFilter(
            statuses=frozenset(self.status),
            kinds=frozenset(self.kind),
            triggers=frozenset(self.trigger),
            project=next(iter(projects), None),
            environment=_name(self.environment),
            job=_name(self.job),
            author=self.author,
            cause=self.cause,
            handling=self.handling,
            archived={"no": False, "only": True, "too": None}[self.archived],
            words=tuple(self.q.split()),
            order=self.order,
        )


class RunsQuery(Body):
    """Which runs, each by its name."""

    run: tuple[str, ...] = Field(default=(), max_length=100)


class ActionQuery(Body):
    """Which actions: those on a run, or all; `limit` of them."""

    run: int | None = Field(default=None, ge=1, lt=2**63)
    limit: int = Field(default=50, ge=1, le=10_000)


def parameters_of(request: web.Request, kind: type[Q]) -> Q:
    """The parameters of an address; those that hold several values may come several times, or with commas.

    Raises ApiProblem naming the one that is wrong.
    """
    content: dict[str, Any] = {}
    for name, value in request.query.items():
        if (field := kind.model_fields.get(name)) is None:
            raise ApiProblem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "invalid",
                f"{name} is no parameter here; {suggestion(name, kind.model_fields)}",
            )
        if get_origin(field.annotation) is tuple:
            content.setdefault(name, []).extend(value.split(","))
        else:
            content[name] = value
    return checked(kind, content)


def _prefix(reference: str | None) -> str:
    return (reference or "").rpartition("/")[0]


def _name(reference: str | None) -> str | None:
    return (reference or "").rpartition("/")[2] or None
