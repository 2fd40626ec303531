"""The command line."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from .values import Refused


class ArgumentParser(argparse.ArgumentParser):
    """Raises instead of printing, so that wrong use reaches the reader of the events too."""

    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message[:1].upper()}{message[1:]}.")


def variable(text: str) -> tuple[str, Any]:
    """`key=value`; the value is a number or true/false where it reads as one."""
    key, separator, value = text.partition("=")
    if not key or not separator:
        raise argparse.ArgumentTypeError(f"{text!r} is not key=value")
    try:
        parsed = json.loads(value)
    except ValueError:
        parsed = value
    return key.lower(), parsed if isinstance(parsed, (bool, int, float)) else value


def category(text: str) -> tuple[str, str]:
    """`model=category`, or a category alone for all models."""
    model, _, name = text.rpartition("=")
    if name not in ("breaking", "non_breaking"):
        raise argparse.ArgumentTypeError(f"{name!r} is neither breaking nor non_breaking")
    return model or "*", name


def build_parser(commands: Iterable[str]) -> ArgumentParser:
    parser = ArgumentParser(prog="bridge", allow_abbrev=False)
    parser.add_argument("command", choices=sorted(commands))
    add = parser.add_argument
    add("own_environment", nargs="?", metavar="ENVIRONMENT", help="as SQLMesh's own command line takes it")
    add("--project", type=Path, required=True)
    add("--folder", type=Path, help="where relative paths of databases count from; the project by default")
    add("--out-fd", type=int, required=True, help="the descriptor that events are written to")
    add("--control-fd", type=int, help="the descriptor that `cancel` is read from; its end cancels too")
    add("--grace", type=float, default=1.5, help="seconds until a cancel no longer waits for a batch")
    add("--log-level", default="INFO", choices=["DEBUG", "INFO", "WARNING", "ERROR"])
    add("--environment")
    add("--gateway")
    add("--var", dest="variables", type=variable, action="append", default=[], metavar="KEY=VALUE")
    add("--start", "-s")
    add("--end", "-e")
    add("--execution-time")
    add("--select-model", dest="select_models", action="append", default=[])
    run = parser.add_argument_group("run")
    run.add_argument("--ignore-cron", action="store_true")
    run.add_argument("--no-auto-upstream", action="store_true")
    run.add_argument("--skip-janitor", action="store_true")
    add_plan_options(parser.add_argument_group("plan"))
    other = parser.add_argument_group("render, metadata, repair, invalidate")
    other.add_argument("--model", help="the model to render, by its name")
    other.add_argument("--state-only", action="store_true", help="read no project files")
    other.add_argument("--lineage", action="store_true", help="tell column-level lineage")
    names = ("MODEL", "START", "END")
    other.add_argument("--interval", dest="intervals", nargs=3, action="append", default=[], metavar=names)
    other.add_argument("--sync", action="store_true")
    return parser


def add_plan_options(group: Any) -> None:
    add = group.add_argument
    add("--apply", "--auto-apply", action="store_true", help="apply the plan; without it the plan is only told")
    add("--no-prompts", action="store_true", help="accepted and without effect: nothing is ever asked")
    add("--expect", metavar="FINGERPRINT", help="apply only the plan that was told with this fingerprint")
    add("--category", dest="categories", type=category, action="append", default=[], metavar="[MODEL=]CATEGORY")
    add("--skip-tests", action="store_true")
    add("--skip-linter", action="store_true")
    add("--create-from")
    add("--restate-model", dest="restate_models", action="append", default=[])
    add("--backfill-model", dest="backfill_models", action="append", default=[])
    add("--allow-destructive-model", dest="allow_destructive_models", action="append", default=[])
    add("--forward-only", action="store_true")
    add("--effective-from")
    add("--include-unmodified", action="store_true")
    add("--no-gaps", action="store_true")
    add("--skip-backfill", "--dry-run", action="store_true")
    add("--empty-backfill", action="store_true")
    add("--enable-preview", action="store_true")
    add("--run", action="store_true")


def parse(arguments: list[str], commands: Iterable[str]) -> argparse.Namespace:
    """Raises Refused for wrong use."""
    options = build_parser(commands).parse_intermixed_args(arguments)
    options.variables = dict(options.variables)
    options.categories = dict(options.categories)
    options.environment = options.own_environment or options.environment
    options.project = options.project.resolve()
    options.folder = (options.folder or options.project).resolve()
    for folder in (options.project, options.folder):
        if not folder.is_dir():
            raise Refused(f"{folder} is not a folder.")
    if options.command == "render" and not options.model:
        raise Refused("render needs --model NAME.")
    if options.command == "repair" and not options.intervals:
        raise Refused("repair needs at least one --interval MODEL START END.")
    return options


def output_descriptor(arguments: list[str]) -> int:
    """Where events go, found before anything else so that wrong use can be told there; standard error otherwise."""
    finder = ArgumentParser(add_help=False, allow_abbrev=False)
    finder.add_argument("--out-fd", type=int, default=2)
    try:
        return int(finder.parse_known_args(arguments)[0].out_fd)
    except Refused:
        return 2
