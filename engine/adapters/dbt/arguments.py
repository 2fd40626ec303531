"""A step's text as dbt arguments: with the run's options, and as the `ls` that shows what it would execute."""

import json
import shlex
from collections.abc import Sequence

from store.models import RunOptions

EXECUTING = frozenset({"build", "run", "test", "seed", "snapshot", "retry", "clone", "source"})
"""Commands whose nodes are the run's models and audits; others (compile, docs, show, …) only read the project."""
PLANNABLE = frozenset({"build", "run", "test", "seed", "snapshot"})

_COMMANDS = EXECUTING | frozenset(
    {"clean", "compile", "debug", "deps", "docs", "init", "list", "ls", "parse", "run-operation", "show"}
)
_SELECTING = frozenset({"build", "run", "test", "seed", "snapshot", "compile", "list", "ls", "clone", "source", "docs"})
_REFRESHING = frozenset({"build", "run", "seed", "compile"})
_THREADED = frozenset({"build", "run", "test", "seed", "snapshot", "compile", "retry", "clone", "source", "docs"})
_BATCHING = frozenset({"build", "run"})

_SELECT = ("--select", "-s", "--models", "--model", "-m", "--selector")
_UNKNOWN_TO_LS = ("--full-refresh", "-f", "--empty", "--no-empty", "--store-failures", "--export-saved-queries")
_UNKNOWN_TO_LS_WITH_VALUE = ("--threads", "--event-time-start", "--event-time-end", "--sample")
_RESOURCES = {"run": ("model",), "seed": ("seed",), "snapshot": ("snapshot",), "test": ("test", "unit_test")}


class BadStep(ValueError):
    """The step is no command line of dbt; the text is one sentence."""


def split_step(step: str) -> list[str]:
    """The step's words, without a leading `dbt`. Raises BadStep."""
    try:
        words = shlex.split(step)
    except ValueError as error:
        raise BadStep(f"The step `{step}` cannot be read as a command line: {error}.") from error
    if words and words[0] == "dbt":
        words = words[1:]
    if command_of(words) is None:
        raise BadStep(f"The step `{step}` names no command of dbt; it may be {', '.join(sorted(_COMMANDS))}.")
    return words


def command_of(arguments: Sequence[str]) -> str | None:
    """The subcommand: build, run, …"""
    return next((word for word in arguments if word in _COMMANDS), None)


def with_options(arguments: Sequence[str], options: RunOptions, target: str | None) -> list[str]:
    """The arguments with what this run asks for beyond its job.

    A selection replaces the step's own, since it names what this one run is about; exclusions add to the step's own.
    """
    command = command_of(arguments)
    found = list(arguments)
    if command in _SELECTING and options.select:
        found = [*without(found, _SELECT, values=True), "--select", *options.select]
    if command in _SELECTING and options.exclude:
        found += ["--exclude", *options.exclude]
    if command in _REFRESHING and options.full_refresh and "--full-refresh" not in found:
        found.append("--full-refresh")
    if command in _THREADED and options.threads is not None:
        found += ["--threads", str(options.threads)]
    if command in _BATCHING and options.start and options.end:
        found += ["--event-time-start", options.start, "--event-time-end", options.end]
    if options.variables:
        found += ["--vars", json.dumps(options.variables)]
    if target and not has_option(found, ("--target", "-t")):
        found += ["--target", target]
    return found


def as_listing(arguments: Sequence[str]) -> list[str]:
    """`dbt ls` of what these arguments of a command in PLANNABLE would execute."""
    command = command_of(arguments)
    rest = without(list(arguments), _UNKNOWN_TO_LS, values=False)
    rest = without(rest, _UNKNOWN_TO_LS_WITH_VALUE, values=True)
    found = ["ls" if word == command else word for word in rest]
    if not has_option(found, ("--resource-type", "--resource-types")):
        for resource in _RESOURCES.get(command or "", ()):
            found += ["--resource-type", resource]
    return [*found, "--output", "json", "--output-keys", "unique_id"]


def option_value(arguments: Sequence[str], names: Sequence[str]) -> str | None:
    """The value of the last of these options, written `--name value` or `--name=value`."""
    found = None
    for position, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if name in names:
            found = value if equals else next(iter(arguments[position + 1 : position + 2]), None)
    return found


def has_option(arguments: Sequence[str], names: Sequence[str]) -> bool:
    """Whether one of these options is there."""
    return any(word.partition("=")[0] in names for word in arguments)


def without(arguments: Sequence[str], names: Sequence[str], values: bool) -> list[str]:
    """The arguments without these options and, if they take `values`, all that follow up to the next option."""
    found: list[str] = []
    dropping = False
    for word in arguments:
        if word.startswith("-") and not _is_number(word):
            dropping = word.partition("=")[0] in names
            if not dropping:
                found.append(word)
            dropping = dropping and values and "=" not in word
        elif not dropping:
            found.append(word)
    return found


def _is_number(word: str) -> bool:
    return word.lstrip("-").replace(".", "", 1).isdigit()
