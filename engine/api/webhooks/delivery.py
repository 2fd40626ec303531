"""What a forge delivers, whichever forge it is. Values only."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict

from engine.api.problems import ApiProblem
from store.text import one_line

P = TypeVar("P", bound=BaseModel)

_LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class News:
    """A branch, or a request by its number, is at a commit now; without a commit it is gone.

    `note` says so in words. `from_fork` says that the commit comes from a repository that others write to.
    """

    commit: str | None
    note: str
    branch: str | None = None
    request: int | None = None
    from_fork: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came over HTTP; names of headers are in lower case."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Forge:
    """How a forge proves who it is, how it numbers its deliveries, and how it tells news.

    `marks` are what no second delivery may have; `news` is None for what is none, and raises ApiProblem for what this
    forge does not say.
    """

    is_genuine: Callable[[Delivery, bytes], bool]
    marks: Callable[[Delivery], tuple[str, ...]]
    news: Callable[[Delivery], News | None]


class Payload(BaseModel):
    """Base of what forges say: of much, only what is needed here."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def payload_of(delivery: Delivery, kind: type[P]) -> P:
    """Raises ApiProblem, 400, for a body that is not what the forge's documentation says."""
    try:
        return kind.model_validate(_content(delivery))
    except (ValueError, KeyError, RecursionError) as error:
        raise ApiProblem(HTTPStatus.BAD_REQUEST, "not-a-delivery", "This is no delivery of that kind.") from error


def noted(text: str) -> str:
    """What a forge said, as a short line."""
    return one_line(text)[:_LONGEST_NOTE]


def is_commit(text: str | None) -> bool:
    """A forge writes nothing but zeros for a commit that is not there."""
    return text is not None and set(text) != {"0"}


def _content(delivery: Delivery) -> Any:
    """JSON, or JSON in the field of a form, as GitHub has it too. Raises ValueError."""
    if delivery.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return json.loads(parse_qs(delivery.body.decode())["payload"][0])
    return json.loads(delivery.body)
