"""Asks before a command touches production."""

import asyncio
import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from engine.errors import UsageError
from store.models import Environment, Run
from tui.command_line.output import complain

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, also where it touches production.")]


def is_production(environments: Iterable[Environment], project: str, environment: str) -> bool:
    """Whether this is one of the environments that are said to be production."""
    return any((each.project, each.name, each.type) == (project, environment, "production") for each in environments)


async def may_touch(environments: Iterable[Environment], run: Run, question: str) -> bool:
    """Whether the environment of a run may be touched: asks where it is production. Raises UsageError as below."""
    if not of_run(environments, run):
        return True
    place = f"{run.project}/{run.environment}"
    demand_yes(place)
    return await is_wanted(f"{place} is production. {question}")


def of_run(environments: Iterable[Environment], run: Run) -> bool:
    """Whether a run is one of production."""
    return is_production(environments, run.project, run.environment)


def demand_yes(place: str) -> None:
    """Raises UsageError where nobody can be asked."""
    if not sys.stdin.isatty():
        raise UsageError(f"{place} is production: say --yes where nobody can be asked.")


async def is_wanted(question: str) -> bool:
    """What the person at the terminal answers; says that nothing happened where it is no."""
    wanted = await asyncio.to_thread(typer.confirm, question, err=True)
    if not wanted:
        complain("Nothing was changed.")
    return wanted
