"""The `runroom` command: runs it, and turns whatever goes wrong into one sentence and an exit code.

Exit codes: 0 done and good; 1 the run failed; 2 wrong use; 3 Runroom or its engine broke; 130 cancelled.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import typer

from engine.errors import RunroomError
from store.errors import NotInRecord, StoreError, StoreMissing
from tui.command_line.output import complain
from tui.command_line.shared import Invocation

USAGE_ERROR = 2
RUNROOM_ERROR = 3
CANCELLED = 130
# What a shell reports of a program whose reader has gone.
_NOBODY_READS = 141
# How a value that is none of those possible is introduced by what converts it.
_CONVERTER = "Value error, "


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and returns its exit code. No exception comes out of it."""
    _never_fail_to_print()
    folder = os.environ.get("RUNROOM_WORKSPACE")
    told = Invocation(workspace=Path(folder) if folder else None, debug=bool(os.environ.get("RUNROOM_DEBUG")))
    try:
        code = _run(arguments, told)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain about it again when it closes the standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS
    return code


def _run(arguments: Sequence[str], told: Invocation) -> int:
    try:
        code = _application(arguments)(list(arguments), prog_name="runroom", standalone_mode=False, obj=told)
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        return CANCELLED
    except Exception as error:  # noqa: BLE001 - the last stop: it becomes a sentence, or a traceback with --debug
        return _explain(error, told)
    return code if isinstance(code, int) else 0


def _application(arguments: Sequence[str]) -> typer.Typer:
    """What understands these arguments; the app is not to wait for dozens of commands that nobody named."""
    from tui.command_line import root

    if not root.names_no_command(arguments) or "_RUNROOM_COMPLETE" in os.environ:
        import_module("tui.command_line.commands")
    return root.application


def _explain(error: Exception, told: Invocation) -> int:
    sentence, code = _sentence(error)
    if told.debug:
        complain("".join(traceback.format_exception(error)).rstrip())
    complain(f"runroom: {sentence}")
    return code


def _sentence(error: Exception) -> tuple[str, int]:
    match error:
        case RunroomError():
            return str(error), error.exit_code
        case NotInRecord() | StoreMissing():
            return str(error), USAGE_ERROR
        case StoreError():
            return str(error), RUNROOM_ERROR
        case typer.TyperException():
            what = _closed(error.format_message().replace(_CONVERTER, ""))
            return f'{what} See "{_command_path(error)} --help".', USAGE_ERROR
        case typer.Abort():
            return "Nothing was changed.", CANCELLED
        case _:
            place = f"{type(error).__name__}: {error}"
            return f"Runroom broke ({_closed(place)}) Run it again with --debug to see where.", RUNROOM_ERROR


def _command_path(error: Exception) -> str:
    """The command that was misused, as far as the parser had understood it."""
    context = getattr(error, "ctx", None)
    return context.command_path if context is not None else "runroom"


def _closed(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _never_fail_to_print() -> None:
    """A terminal that knows no UTF-8 gets a question mark for what it cannot show, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
