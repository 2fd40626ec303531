"""The writing thread, over a pipe that can be left full."""

import os
import select
import threading
from collections.abc import Iterator

import pytest

from tests.tui.terminal.pseudo_terminal import PATIENCE, wait_until
from tui.terminal.writer import WAITING_LIMIT, TerminalWriter

FILLING = "x" * 4096


class Pipe:
    """A writer on a pipe; notes what the writer tells."""

    def __init__(self) -> None:
        self.reading, writing = os.openpty()
        self._writing = writing
        self.drained = threading.Event()
        self.lost = threading.Event()
        self.writer = TerminalWriter(writing, on_drained=self.drained.set, on_lost=self.lost.set)
        self.writer.start()

    def fill(self) -> int:
        """Write until the writer refuses; how many texts it accepted."""
        accepted = 0
        while self.writer.write(FILLING):
            accepted += 1
        return accepted

    def read(self, size: int) -> bytes:
        """Read so many bytes."""
        data = b""
        while len(data) < size:
            data += self.read_some(size - len(data))
        return data

    def read_some(self, size: int) -> bytes:
        """Read what there is, at most so many bytes; fails when nothing comes."""
        assert select.select([self.reading], [], [], PATIENCE)[0], "nothing to read"
        return os.read(self.reading, size)

    def close(self) -> None:
        """End everything."""
        self.writer.close(0)
        os.close(self._writing)
        os.close(self.reading)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    pipe.close()


def test_text_arrives_in_order(pipe: Pipe) -> None:
    assert pipe.writer.write("first ")
    assert pipe.writer.write("sécond")

    assert pipe.read(13) == "first sécond".encode()
    wait_until(lambda: pipe.writer.waiting == 0, "nothing to wait")
    assert not pipe.drained.is_set()


def test_text_is_refused_when_too_much_waits_and_the_end_of_it_is_told(pipe: Pipe) -> None:
    accepted = pipe.fill()
    assert not pipe.writer.write("refused")
    assert not pipe.drained.is_set()
    assert WAITING_LIMIT <= accepted * len(FILLING) < 2 * WAITING_LIMIT

    assert pipe.read(accepted * len(FILLING)) == FILLING.encode() * accepted
    assert pipe.drained.wait(10)
    assert pipe.writer.write("again")
    assert pipe.read(5) == b"again"


def test_discarded_text_is_never_written_but_what_comes_after_is(pipe: Pipe) -> None:
    pipe.fill()
    pipe.writer.discard()
    pipe.writer.write("the end")
    received = b""
    while not received.endswith(b"the end"):
        received += pipe.read_some(65536)

    assert len(received) <= 4 * len(FILLING)


def test_closing_waits_for_the_last_text_when_it_is_read(pipe: Pipe) -> None:
    pipe.writer.write("good bye")
    pipe.writer.close(10)

    assert pipe.read(8) == b"good bye"
    assert not pipe.lost.is_set()


def test_closing_does_not_wait_for_a_stalled_reader(pipe: Pipe) -> None:
    pipe.fill()
    pipe.writer.close(0.05)

    assert not pipe.writer.write("too late")
    wait_until(lambda: not pipe.writer._thread.is_alive(), "the thread to give up")


def test_a_text_that_cannot_be_encoded_does_not_end_the_writer(pipe: Pipe) -> None:
    pipe.writer.write("\udcff!")

    assert pipe.read(2) == b"?!"


def test_a_terminal_that_is_gone_is_told_once() -> None:
    pipe = Pipe()
    os.close(pipe.reading)
    pipe.writer.write("into the void")

    assert pipe.lost.wait(10)
    assert not pipe.writer.write("more")
    pipe.writer.close(0)
    os.close(pipe._writing)
