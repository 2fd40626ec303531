"""The process: from arguments to exit code."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import atexit
import io
import logging
import os
import sys
import threading
from collections.abc import Callable

from . import plain
from .control import Controller
from .emitter import Emitter, LogFormatter
from .options import output_descriptor, parse
from .plans import command_diff, command_plan
from .reads import command_metadata, command_render
from .session import Session, leave
from .values import (
    EXIT_CANCELLED,
    EXIT_FAILED,
    EXIT_WRONG_USE,
    Cancelled,
    Outcome,
    Refused,
    Unfinalised,
    error_sentence,
    error_text,
)
from .writes import command_invalidate, command_repair, command_run

log = logging.getLogger("runroom.bridge")


COMMANDS: dict[str, Callable[[Session], Outcome]] = {
    "run": command_run,
    "plan": command_plan,
    "diff": command_diff,
    "metadata": command_metadata,
    "render": command_render,
    "repair": command_repair,
    "invalidate": command_invalidate,
}


def prepare_process(session: Session) -> None:
    """Working directory, logging, telemetry and descriptors, before SQLMesh is imported."""
    os.environ["SQLMESH__DISABLE_ANONYMIZED_ANALYTICS"] = "true"
    os.chdir(session.options.folder)  # relative paths of databases count from the working directory
    for descriptor in (session.options.out_fd, session.options.control_fd):
        if descriptor is not None and descriptor > 2:
            os.set_inheritable(descriptor, False)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # what the project prints appears when it prints it
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(LogFormatter(session.batches))
    logging.basicConfig(level=session.options.log_level, handlers=[handler], force=True)


def carry_out(session: Session) -> Outcome:
    """Runs the command. Raises Cancelled when that is why it ended."""
    try:
        outcome = COMMANDS[session.options.command](session)
        if session.cancellation.interrupted:
            session.cancellation.check()
        return outcome
    except Refused as error:
        session.emitter.emit("error", message=str(error))
        return Outcome("refused", str(error), EXIT_WRONG_USE)
    except Unfinalised as error:
        return Outcome("failed", str(error), EXIT_FAILED)
    except Exception as error:
        if session.cancellation.requested:
            raise Cancelled(session.cancellation.reason) from error
        sentence = error_sentence(error)
        log.exception("the command failed: %s", sentence)
        session.emitter.emit("error", message=sentence, detail=error_text(error))
        return Outcome("failed", sentence, EXIT_FAILED)


def serve(session: Session) -> int:
    try:
        outcome: Outcome | None = carry_out(session)
    except Cancelled:
        outcome = None
        session.recheck_interrupted()
    if not session.cancellation.take_verdict():
        threading.Event().wait()  # the control thread is reporting and ends the process
    if outcome is None:
        session.tell_cancelled(forced=False)
        leave(EXIT_CANCELLED)
    if session.cancellation.requested:
        session.emitter.notice("warning", "The cancel came too late: the work was already done.")
    session.finish(outcome)
    if session.context is not None:
        session.context.close()
    end_at_once(outcome.exit_code)
    return outcome.exit_code


def end_at_once(exit_code: int) -> None:
    """Ends the process without taking every object of SQLMesh down one by one, which takes long and changes nothing.

    What asked to be called at the end is called. Where a thread still works, the process ends the usual way.
    """
    if all(thread.daemon or thread is threading.current_thread() for thread in threading.enumerate()):
        atexit._run_exitfuncs()
        leave(exit_code)


def main(arguments: list[str]) -> int:
    if arguments[:1] == [plain.COMMAND]:
        return plain.run_plain(arguments[1:])
    emitter = Emitter(output_descriptor(arguments))
    try:
        options = parse(arguments, COMMANDS)
    except Refused as error:
        emitter.emit("error", message=str(error))
        emitter.emit("finished", status="refused", reason=str(error), exit_code=EXIT_WRONG_USE)
        return EXIT_WRONG_USE
    session = Session(options, emitter)
    prepare_process(session)
    Controller(session, options.control_fd, options.grace).listen()
    return serve(session)
