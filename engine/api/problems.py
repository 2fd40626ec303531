"""Errors as RFC 9457 problem details: `{"type", "title", "status", "detail"}`."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import web

from engine.errors import RunroomError, UsageError
from store.errors import NotInRecord, StoreError

_logger = logging.getLogger("runroom.engine")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ApiProblem(Exception):
    """Why a request is refused. `kind` is what programs go by; the text is one sentence for people."""

    def __init__(self, status: HTTPStatus, kind: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.headers = dict(headers or {})


def problem_answer(problem: ApiProblem) -> web.Response:
    """The body that says what is wrong."""
    content = {
        "type": f"urn:runroom:problem:{problem.kind}",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": str(problem),
    }
    return web.Response(
        text=json.dumps(content),
        status=problem.status,
        content_type="application/problem+json",
        headers=problem.headers,
    )


@web.middleware
async def answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Makes an answer of whatever goes wrong."""
    try:
        return await handler(request)
    except (ApiProblem, RunroomError, StoreError) as error:
        return problem_answer(as_problem(error))
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return problem_answer(_http_problem(request, error))
    except Exception:
        _logger.exception("%s %s failed", request.method, request.path)
        broken = ApiProblem(HTTPStatus.INTERNAL_SERVER_ERROR, "engine-failed", "The engine failed; its log says why.")
        return problem_answer(broken)


def as_problem(error: Exception, refused: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> ApiProblem:
    """The problem that an error is; `refused` is what wrong use comes to."""
    match error:
        case ApiProblem():
            return error
        case NotInRecord():
            return ApiProblem(HTTPStatus.NOT_FOUND, "not-found", str(error))
        case UsageError():
            return ApiProblem(refused, "conflict" if refused is HTTPStatus.CONFLICT else "refused", str(error))
        case _:
            return ApiProblem(HTTPStatus.INTERNAL_SERVER_ERROR, "engine-failed", str(error))


def _http_problem(request: web.Request, error: web.HTTPException) -> ApiProblem:
    status = HTTPStatus(error.status)
    kept = {name: error.headers[name] for name in ("Allow", "Content-Range") if name in error.headers}
    match status:
        case HTTPStatus.NOT_FOUND:
            return ApiProblem(status, "not-found", f"There is nothing at {request.path}.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return ApiProblem(
                status, "method-not-allowed", f"{request.path} cannot be asked to {request.method}.", kept
            )
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return ApiProblem(status, "too-large", "The body is larger than api.max_body in runroom.toml allows.")
        case _:
            return ApiProblem(status, "refused", f"{error.reason}.", kept)
