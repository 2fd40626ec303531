"""Real processes: what they say is heard, and they end when they should."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.base import ToolCommand
from engine.worker import tool_process
from engine.worker.stop import StopSignal, StopWish
from engine.worker.tool_process import Listeners, ToolNotStarted, lines, run_process
from tests.engine.worker.scripts import python
from tests.support.waiting import until

WISH = StopWish("cancel", "stopped")
LONG_GRACE_S = 30.0
SHORT_GRACE_S = 0.1


@dataclass
class Heard:
    """All that a process said. A stop is asked for once it has said `ready`."""

    stop: StopSignal = field(default_factory=StopSignal)
    stop_when_ready: bool = False
    pids: list[int] = field(default_factory=list)
    output: list[bytes] = field(default_factory=list)
    events: list[bytes] = field(default_factory=list)

    @property
    def listeners(self) -> Listeners:
        return Listeners(started=self.pids.append, output=self._hear, event=self.events.append)

    def _hear(self, line: bytes) -> None:
        self.output.append(line)
        if self.stop_when_ready and line == b"ready":
            self.stop.ask(WISH)

    async def run(self, command: ToolCommand, grace_s: float = LONG_GRACE_S) -> int:
        return await run_process(command, self.stop, grace_s, self.listeners)


def open_descriptors() -> int:
    return len(list(Path("/dev/fd").iterdir()))


@pytest.mark.parametrize("code", [0, 1, 7])
async def test_exit_code_output_and_errors(code: int) -> None:
    heard = Heard()

    source = "import sys; print('one'); print('two', file=sys.stderr); print(); print('last', end=''); "
    source += f"sys.exit({code})"
    assert await heard.run(python(source)) == code

    assert heard.output == [b"one", b"two", b"", b"last"]
    assert len(heard.pids) == 1


async def test_events_come_over_a_descriptor_of_their_own() -> None:
    heard = Heard()

    source = "import os, sys; os.write(int(sys.argv[1]), b'{\"a\":1}\\n{\"b\":2}\\n'); print('said')"
    assert await heard.run(python(source, "{events}")) == 0

    assert heard.events == [b'{"a":1}', b'{"b":2}']
    assert heard.output == [b"said"]


async def test_a_line_of_five_megabytes_is_one_line() -> None:
    heard = Heard()

    source = "import os, sys; os.fdopen(int(sys.argv[1]), 'w').write('x' * 5_000_000 + '\\nshort\\n'); "
    source += "print('y' * 5_000_000)"
    assert await heard.run(python(source, "{events}")) == 0

    assert [len(line) for line in heard.events] == [5_000_000, 5]
    assert [len(line) for line in heard.output] == [5_000_000]


async def test_a_process_that_a_signal_killed() -> None:
    assert await Heard().run(python("import os; os.kill(os.getpid(), 11)")) == -signal.SIGSEGV


async def test_a_process_that_cannot_be_started_is_named_and_leaves_no_descriptor() -> None:
    before = open_descriptors()

    with pytest.raises(ToolNotStarted, match="/no/such/python could not be started"):
        await Heard().run(ToolCommand(["/no/such/python"], Path("/")))
    with pytest.raises(ToolNotStarted, match="could not be started"):
        await Heard().run(ToolCommand([sys.executable], Path("/no/such/folder")))

    assert open_descriptors() == before


async def test_a_process_leaves_no_descriptor() -> None:
    await Heard().run(python(""))
    before = open_descriptors()

    await Heard().run(python(""))

    assert open_descriptors() == before


_GRANDCHILD = """
import os, sys, time
if os.fork() == 0:
    {setsid}
    print('grandchild', os.getpid())
    time.sleep(300)
time.sleep(0.2)
"""


@pytest.mark.parametrize("own_session", [False, True])
async def test_a_grandchild_that_holds_the_output_is_not_waited_for(
    own_session: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool_process, "_DRAIN_S", 0.2)
    heard = Heard()

    source = _GRANDCHILD.format(setsid="os.setsid()" if own_session else "")
    assert await asyncio.wait_for(heard.run(python(source)), timeout=10) == 0

    grandchild = int(heard.output[0].split()[1])
    if own_session:  # It left the group on purpose, as a server would: that is its right.
        assert psutil.pid_exists(grandchild)
        os.kill(grandchild, signal.SIGKILL)
    else:
        await until(lambda: not _runs(grandchild), "the grandchild is gone")


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


_OBEYS = "import signal, sys, time; signal.signal(signal.{}, lambda *_: sys.exit(3)); print('ready'); time.sleep(300)"
_IGNORES = "import signal; signal.signal(signal.{}, signal.SIG_IGN); "


async def test_the_ladder_begins_with_sigint() -> None:
    heard = Heard(stop_when_ready=True)

    assert await heard.run(python(_OBEYS.format("SIGINT"))) == 3


async def test_sigint_is_heard_though_the_worker_was_started_without_it() -> None:
    """A shell starts background jobs with SIGINT ignored, and children inherit that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        heard = Heard(stop_when_ready=True)
        assert await heard.run(python("import time; print('ready'); time.sleep(300)")) == -signal.SIGINT
    finally:
        signal.signal(signal.SIGINT, before)


async def test_who_ignores_sigint_gets_sigterm_after_the_grace() -> None:
    heard = Heard(stop_when_ready=True)

    source = _IGNORES.format("SIGINT") + _OBEYS.format("SIGTERM")
    assert await heard.run(python(source), SHORT_GRACE_S) == 3


async def test_who_ignores_both_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool_process, "_TERM_GRACE_S", SHORT_GRACE_S)
    heard = Heard(stop_when_ready=True)

    source = _IGNORES.format("SIGINT") + _IGNORES.format("SIGTERM") + "import time; print('ready'); time.sleep(300)"
    assert await heard.run(python(source), SHORT_GRACE_S) == -signal.SIGKILL


_READS_CONTROL = "import os, sys; print('ready'); print(os.read(int(sys.argv[1]), 100)); sys.exit(4)"


async def test_a_tool_that_reads_control_is_asked_there() -> None:
    heard = Heard(stop_when_ready=True)

    assert await heard.run(python(_READS_CONTROL, "{control}", cancel_by_control=True)) == 4

    assert heard.output == [b"ready", b"b'cancel\\n'"]


async def test_a_tool_that_closed_control_still_gets_sigterm() -> None:
    heard = Heard(stop_when_ready=True)

    source = "import os, sys; os.close(int(sys.argv[1])); " + _OBEYS.format("SIGTERM")
    assert await heard.run(python(source, "{control}", cancel_by_control=True), SHORT_GRACE_S) == 3


async def test_a_stop_that_came_before_the_start_counts() -> None:
    heard = Heard()
    heard.stop.ask(WISH)

    assert await heard.run(python("import time; time.sleep(300)"), SHORT_GRACE_S) < 0


_SAYS_MUCH = "import os, sys; os.write(int(sys.argv[1]), b'an event\\n'); print('z' * 3_000_000); print('end')"


@pytest.mark.parametrize("deaf", ["output", "event"])
async def test_a_listener_that_raises_does_not_block_the_tool(deaf: str) -> None:
    heard = Heard()

    def refuse(line: bytes) -> None:
        raise KeyError(len(line))

    kept = heard.listeners
    listeners = Listeners(
        kept.started, refuse if deaf == "output" else kept.output, refuse if deaf == "event" else kept.event
    )
    with pytest.raises(KeyError):
        await asyncio.wait_for(
            run_process(python(_SAYS_MUCH, "{events}"), StopSignal(), LONG_GRACE_S, listeners), timeout=10
        )

    assert heard.events == ([b"an event"] if deaf == "output" else [])
    assert heard.output[-1:] == ([b"end"] if deaf == "event" else [])


async def test_a_failed_announcement_ends_the_process() -> None:
    pids: list[int] = []

    def refuse(pid: int) -> None:
        pids.append(pid)
        raise OSError("disk full")

    listeners = Listeners(refuse, lambda _: None, lambda _: None)
    with pytest.raises(OSError, match="disk full"):
        await run_process(python("import time; time.sleep(300)"), StopSignal(), LONG_GRACE_S, listeners)

    assert not _runs(pids[0])


_WORKER = """
import asyncio, sys
sys.path[:0] = {path!r}
from engine.worker.stop import StopSignal
from engine.worker.tool_process import Listeners, run_process
from tests.engine.worker.scripts import python
say = lambda line: print(line.decode(), flush=True)
asyncio.run(run_process(python({source!r}, "{{control}}"), StopSignal(), 30.0, Listeners(lambda _: None, say, say)))
"""


def _killed_worker(source: str) -> int:
    """Runs the source under a worker and kills the worker once the tool said its pid, which is returned."""
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER.format(path=sys.path, source=source)], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    with worker, worker.stdout:
        tool = int(worker.stdout.readline())
        worker.kill()
    return tool


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal of a parent is Linux's own")
async def test_a_tool_does_not_outlive_a_killed_worker() -> None:
    tool = await asyncio.to_thread(_killed_worker, "import os, time; print(os.getpid()); time.sleep(300)")

    await until(lambda: not _runs(tool), "the tool is gone", 5)


async def test_the_end_of_control_tells_a_tool_that_its_worker_died(tmp_path: Path) -> None:
    """A grandchild is not killed with the worker, but it sees that nobody holds the other end any more."""
    noted = tmp_path / "noted"
    source = (
        "import os, sys; control = int(sys.argv[1]); pid = os.fork()\n"
        f"if pid == 0: ended = os.read(control, 10) == b''; open({str(noted)!r}, 'w').write(str(ended)); os._exit(0)\n"
        "import time; print(os.getpid()); time.sleep(300)"
    )
    await asyncio.to_thread(_killed_worker, source)

    await until(lambda: noted.exists() and noted.read_text() == "True", "the end of control is noted", 5)


@given(st.lists(st.binary(max_size=12), max_size=8), st.data())
def test_lines_are_the_same_however_they_arrive(pieces: list[bytes], data: st.DataObject) -> None:
    whole = b"\n".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))

    async def read() -> list[bytes]:
        reader = asyncio.StreamReader()
        for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            reader.feed_data(whole[begin:end])
            await asyncio.sleep(0)
        reader.feed_eof()
        return [line async for line in lines(reader)]

    expected = whole.split(b"\n")
    assert asyncio.run(read()) == (expected if expected[-1] else expected[:-1])
