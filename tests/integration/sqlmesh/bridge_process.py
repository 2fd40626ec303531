"""Runs the bridge as the worker does: another process, events on one pipe, cancel on another."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Event = dict[str, Any]

INTERPRETER_VARIABLE = "RUNROOM_TEST_SQLMESH_PYTHON"
"""Names a Python whose SQLMesh the tests drive instead of their own: older versions are tried with it."""

PATIENCE_S = 90.0
"""How long a test waits for an event before it fails: a cold import of SQLMesh on a busy machine included."""


@dataclass(frozen=True)
class Ended:
    """A bridge that ended: its exit code, events and plain output, and the seconds since its start or cancel."""

    exit_code: int
    events: Sequence[Event]
    output: str
    seconds: float

    def of(self, event_type: str, **fields: Any) -> list[Event]:
        """The events of a type whose fields have these values."""
        return [event for event in self.events if matches(event, event_type, fields)]

    def one(self, event_type: str, **fields: Any) -> Event:
        found = self.of(event_type, **fields)
        assert len(found) == 1, f"{len(found)} × {event_type} {fields} in {self.describe()}"
        return found[0]

    def describe(self) -> str:
        lines = [json.dumps(event)[:300] for event in self.events if event["type"] != "graph"]
        return "\n".join([f"exit code {self.exit_code}", *lines, self.output[-3000:]])


def matches(event: Event, event_type: str, fields: dict[str, Any]) -> bool:
    return event["type"] == event_type and all(event.get(key) == value for key, value in fields.items())


class BridgeProcess:
    """A bridge that runs. Ends with `end()`; a test that fails on the way ends it by `kill()`."""

    def __init__(self, bridge: Path, project: Path, command: str, *arguments: str, python: Sequence[str] = ()) -> None:
        self._events, events_write = os.pipe()
        control_read, self._control = os.pipe()
        self._output = (project.parent / f"output-{time.monotonic_ns()}.log").open("w+")
        descriptors = ("--out-fd", str(events_write), "--control-fd", str(control_read))
        interpreter = python or (os.environ.get(INTERPRETER_VARIABLE, sys.executable),)
        self._process = subprocess.Popen(
            [*interpreter, str(bridge), command, "--project", str(project), *descriptors, *arguments],
            pass_fds=(events_write, control_read),
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            cwd=project.parent,
            start_new_session=True,
        )
        os.close(events_write)
        os.close(control_read)
        self._since = time.monotonic()
        self._unread = b""
        self.seen: list[Event] = []

    def wait_for(self, event_type: str, **fields: Any) -> Event:
        """The first event of the type with these values, seen before or not."""
        return self.wait_until(lambda event: matches(event, event_type, fields))

    def wait_until(self, wanted: Callable[[Event], bool]) -> Event:
        for seen in self.seen:
            if wanted(seen):
                return seen
        deadline = time.monotonic() + PATIENCE_S
        while True:
            event = self._next(deadline)
            assert event is not None, f"the bridge ended: {self._ended().describe()}"
            if wanted(event):
                return event

    def wait_for_output(self, text: str) -> None:
        """Waits until the plain output has this text."""
        deadline = time.monotonic() + PATIENCE_S
        file = Path(self._output.name)
        while text not in file.read_text():
            assert self._process.poll() is None, f"the bridge ended: {self._ended().describe()}"
            assert time.monotonic() < deadline, f"no {text!r} in {file.read_text()[-2000:]}"
            select.select([self._events], [], [], 0.05)

    def leaves_no_process(self) -> bool:
        """Whether nothing of the bridge's process group is left once it ended."""
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def cancel(self) -> None:
        self._since = time.monotonic()
        os.write(self._control, b"cancel\n")

    def lose_worker(self) -> None:
        self._since = time.monotonic()
        os.close(self._control)
        self._control = -1

    def signal(self, number: signal.Signals) -> None:
        self._since = time.monotonic()
        self._process.send_signal(number)

    def end(self) -> Ended:
        """Reads on until the bridge ended."""
        deadline = time.monotonic() + PATIENCE_S
        while self._next(deadline) is not None:
            pass
        return self._ended()

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for descriptor in (self._events, self._control):
            if descriptor >= 0:
                os.close(descriptor)
        self._output.close()

    def _ended(self) -> Ended:
        exit_code = self._process.wait(timeout=PATIENCE_S)
        seconds = time.monotonic() - self._since
        self._output.seek(0)
        return Ended(exit_code, self.seen, self._output.read(), seconds)

    def _next(self, deadline: float) -> Event | None:
        """The next event, None at the end."""
        while b"\n" not in self._unread:
            readable, _, _ = select.select([self._events], [], [], max(0, deadline - time.monotonic()))
            assert readable, f"nothing came for {PATIENCE_S} s after {self.seen[-3:]}"
            data = os.read(self._events, 65536)
            if not data:
                assert not self._unread, f"a torn last line: {self._unread!r}"
                return None
            self._unread += data
        line, self._unread = self._unread.split(b"\n", 1)
        event: Event = json.loads(line)
        self.seen.append(event)
        return event
