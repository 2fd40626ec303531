"""What a person asks a plan for, as typed into a dialog. Values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.models import Environment, RunOptions, Tool

_PRODUCTION = "prod"


@dataclass(frozen=True, slots=True)
class PlanPlace:
    """An environment that can be planned."""

    environment: Environment
    tool: Tool

    @property
    def reference(self) -> str:
        """As people type it: `flights/dev`."""
        return f"{self.environment.project}/{self.environment.name}"


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A plan to be made: where, and with which choices."""

    environment: str
    options: RunOptions


@dataclass(frozen=True, slots=True)
class Understood:
    """What a typed environment means: its reference, and a sentence on it. `is_problem`: it cannot be planned."""

    reference: str
    sentence: str
    is_problem: bool = False


def understood(typed: str, places: Sequence[PlanPlace], projects: Sequence[tuple[str, Tool]]) -> Understood:
    """What `dev_ben` or `flights/dev_ben` means here; of SQLMesh's projects it may be one that is not there yet."""
    wanted = typed.strip()
    project, _, name = wanted.rpartition("/")
    if not name:
        return Understood(wanted, "Which environment? dev_anna, or a new name.", is_problem=True)
    found = [place for place in places if place.environment.name == name and project in ("", place.environment.project)]
    if len(found) > 1:
        return Understood(wanted, f"Which one: {' or '.join(place.reference for place in found)}?", is_problem=True)
    if found:
        return _of_known(found[0])
    makers = [each for each, tool in projects if tool == "sqlmesh" and project in ("", each)]
    if len(makers) == 1:
        reference = f"{makers[0]}/{name}"
        return Understood(reference, f"{reference} is not there yet: its plan makes it, from {_PRODUCTION}.")
    if makers:
        return Understood(wanted, f"In which project: {' or '.join(f'{each}/{name}' for each in makers)}?", True)
    known = ", ".join(place.reference for place in places)
    return Understood(
        wanted, f"There is no such environment, and only SQLMesh makes new ones. There are {known}.", True
    )


def _of_known(place: PlanPlace) -> Understood:
    if place.environment.type == "production":
        return Understood(place.reference, f"{place.reference} is PRODUCTION; showing its plan changes nothing.")
    if place.tool == "dbt":
        return Understood(place.reference, "dbt tells what it would build; the choices below are SQLMesh's.")
    return Understood(place.reference, "Showing the plan changes nothing; it can be applied from its page.")


def plan_options(restate: str, start: str, end: str, forward_only: bool) -> RunOptions:
    """The choices; models to restate stand apart by commas or blanks, empty fields choose nothing."""
    return RunOptions(
        restate=tuple(restate.replace(",", " ").split()),
        start=start.strip() or None,
        end=end.strip() or None,
        forward_only=forward_only,
    )
