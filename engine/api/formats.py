"""In which format an answer is given, and what its headers say of it."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web

from engine.api.problems import ApiProblem
from engine.configuration.names import suggestion


def format_of(request: web.Request, named: str | None, formats: Mapping[str, str]) -> str:
    """The format that the parameter names, else that the header `Accept` lists first, else the first of `formats`.

    `formats` are media types by name. Raises ApiProblem for a name that is none of them.
    """
    if named is not None:
        if named not in formats:
            says = f"format: there is no {named} of this; {suggestion(named, formats)}"
            raise ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", says)
        return named
    names = {media: name for name, media in formats.items()}
    accepted = (each.partition(";")[0].strip().lower() for each in request.headers.get("Accept", "").split(","))
    return next((names[media] for media in accepted if media in names), next(iter(formats)))


def downloaded(name: str) -> dict[str, str]:
    """The headers of a file to be kept. No browser shall show it or guess at it: what a tool wrote is data."""
    # Not every client knows the second form (RFC 6266, appendix D); the first one has no room for all names.
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
