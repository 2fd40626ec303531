"""What a request means for the bridge's command line."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from store.models import RunRequest

BRIDGED = frozenset({"run", "plan", "diff", "repair", "invalidate"})
"""The commands that the bridge carries out itself; all others are SQLMesh's own, run as they are."""

_SELECTING = frozenset({"run", "plan"})
_GRACE_S = 1.5


def bridge_arguments(request: RunRequest, project_folder: Path, words: Sequence[str]) -> list[str]:
    """The bridge's arguments for one command of a run. What the step itself says comes last and wins."""
    command, *own = words
    arguments = [command, "--project", str(project_folder), "--grace", str(min(request.grace_s, _GRACE_S))]
    if str(project_folder) != request.project_path:
        # A checkout: relative database paths still count from the project's own folder.
        arguments += ["--folder", request.project_path]
    if request.target:
        arguments += ["--environment", request.target]
    if request.gateway:
        arguments += ["--gateway", request.gateway]
    for name, value in request.options.variables.items():
        arguments += ["--var", f"{name}={value if isinstance(value, str) else json.dumps(value)}"]
    return [*arguments, *_of_command(request, command), *own]


def selection(request: RunRequest, command: str) -> Iterator[str]:
    """The options by which a run is narrowed to some models or to a stretch of time, in SQLMesh's own words."""
    options = request.options
    if command in _SELECTING:
        for model in options.select:
            yield from ("--select-model", model)
        for flag, moment in (("--start", options.start), ("--end", options.end)):
            if moment:
                yield from (flag, moment)


def _of_command(request: RunRequest, command: str) -> Iterator[str]:
    options = request.options
    yield from selection(request, command)
    if command == "plan":
        yield from _of_plan(request)
    if command == "repair":
        for interval in options.intervals:
            yield from ("--interval", *interval)


def _of_plan(request: RunRequest) -> Iterator[str]:
    options = request.options
    for model in options.restate:
        yield from ("--restate-model", model)
    for flag, wanted in (
        ("--apply", options.apply),
        ("--forward-only", options.forward_only),
        ("--skip-tests", options.skip_tests),
    ):
        if wanted:
            yield flag
    for category in options.categories:
        yield from ("--category", category)
    for flag, value in (("--expect", options.expect), ("--create-from", options.create_from)):
        if value:
            yield from (flag, value)
