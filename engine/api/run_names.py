"""Which run a request means: `123`, `latest`, `latest:JOB`, `latest:PROJECT/JOB`, as on the command line."""

from http import HTTPStatus

from aiohttp import web

from engine.api.desks import Desks
from engine.api.problems import ApiProblem
from store.models import Run
from store.reads import StoreReader

_LATEST = "latest"


async def run_named(desks: Desks, request: web.Request) -> Run:
    """The run of the path. Raises RunNotFound; for what names no run at all, that there is no such page."""
    name = request.match_info["run"]
    if not _names_a_run(name):
        raise web.HTTPNotFound
    return await run_called(desks.reader, name)


async def run_called(reader: StoreReader, name: str) -> Run:
    """The run of this name. Raises RunNotFound, ApiProblem for what is no name."""
    if not _names_a_run(name):
        raise ApiProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid",
            f'"{name}" is no run; name it by its number, or as latest or latest:JOB.',
        )
    latest, _, job = name.partition(":")
    return await (reader.latest_run(job or None) if latest == _LATEST else reader.run(int(name)))


def number_in(name: str) -> int:
    """The number that a path names. What is none, or too large to be one, is a page that is not there."""
    if not _is_number(name):
        raise web.HTTPNotFound
    return int(name)


def _names_a_run(name: str) -> bool:
    return name.partition(":")[0] == _LATEST or _is_number(name)


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < 19
