"""Messages of `engine.protocol` as bodies of HTTP requests and answers."""

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from engine.errors import UsageError

M = TypeVar("M", bound=BaseModel)


def answer(message: BaseModel, status: int = 200) -> web.Response:
    """The message as the body of an answer."""
    return web.Response(text=message.model_dump_json(), status=status, content_type="application/json")


async def body_of(request: web.Request, kind: type[M]) -> M:
    """The message that a request brings; an empty body is one without keys. Raises UsageError for what is none."""
    try:
        return kind.model_validate_json(await request.read() or b"{}")
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise UsageError(f"The request is not valid: {where}: {problem['msg']}.") from error


def run_of(request: web.Request) -> int:
    """The number of the run that the path names. Raises UsageError."""
    return number_of(request.match_info["run"], "run")


def number_of(text: str, what: str) -> int:
    """Raises UsageError for what is no number."""
    if not text.isdecimal():
        raise UsageError(f"{what} must be a number, not {text!r}.")
    return int(text)
