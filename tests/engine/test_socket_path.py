"""A socket can be bound and reached however deep its workspace lies."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from engine.socket_path import LONGEST_ADDRESS, connecting_address, listening_address


@contextmanager
def listening(address: Path) -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(address))
        server.listen()
        yield server


def connect(wanted: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as client:
        client.connect(str(connecting_address(wanted)))


@pytest.fixture(params=[0, 250], ids=["near", "deep"])
def wanted(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the socket shall be: in a folder near, or deeper than a socket's address can say."""
    folder = tmp_path
    while len(os.fsencode(folder)) < request.param:
        folder /= "a-folder-with-a-long-name"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "engine.sock"


def test_it_can_be_bound_and_reached(wanted: Path) -> None:
    with listening_address(wanted) as address:
        assert len(os.fsencode(address)) <= LONGEST_ADDRESS
        with listening(address):
            connect(wanted)
            assert wanted.is_socket(), "one finds it where the workspace's files are"

    assert not os.path.lexists(wanted)


def test_what_a_killed_engine_left_is_no_obstacle(wanted: Path) -> None:
    abandoned = listening_address(wanted)
    first = abandoned.__enter__()
    with listening(first):
        pass

    with listening_address(wanted) as address, listening(address):
        connect(wanted)

    assert not first.exists()


def test_a_long_path_gets_a_folder_that_is_private_and_goes_away(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    with listening_address(folder / "engine.sock") as address:
        private = address.parent
        assert private != folder
        assert private.stat().st_mode & 0o777 == 0o700

    assert not private.exists()
