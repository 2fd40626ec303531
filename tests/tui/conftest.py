"""What holds in every test of the screens: nothing blocks the loop; worlds to show; one place for pictures."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import pytest
import pytest_textual_snapshot
from blockbuster import BlockBuster, BlockBusterFunction
from hypothesis import settings
from pytest_textual_snapshot import SVGImageExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from tests.worlds import World, build_world, open_world

SNAPSHOTS = Path(__file__).parents[2] / "snapshots"

_WATCHED_PACKAGES = ["tui", "store", "engine", "textual"]
"""Only calls made from these fail: a test itself may write its files as it likes."""

_MORE_FILE_CALLS = ("open", "pread", "fstat", "lstat")

# How long one example takes says nothing on a machine that others use too.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture(autouse=True)
def blocking_calls_fail() -> Iterator[None]:
    """Make file, database and socket calls on the event loop raise `blockbuster.BlockingError`."""
    guard = BlockBuster(_WATCHED_PACKAGES)
    for name in _MORE_FILE_CALLS:
        guard.functions[f"os.{name}"] = BlockBusterFunction(None, f"os.{name}", scanned_modules=_WATCHED_PACKAGES)
    for function in guard.functions.values():
        # Who writes a store reads its migrations first; screens never write, but worlds are made by a writer.
        function.can_block_in("store/migrate.py", {"migrations"})
        # Textual reads a screen's style sheet, a small file of our own package, when the screen is first shown.
        function.can_block_in("textual/css/stylesheet.py", {"read", "read_all"})
        function.can_block_in("textual/_path.py", {"_make_path_object_relative"})
        # Starting a process takes a moment of the loop, whoever does it; what it says is waited for.
        function.can_block_in("asyncio/base_events.py", {"subprocess_exec"})
        function.can_block_in("asyncio/unix_events.py", {"__init__"})
    guard.activate()
    yield
    guard.deactivate()


class Picture(SVGImageExtension):  # type: ignore[misc]
    """Pictures lie in the repository's `snapshots/`: `test_home[failed-80x24]` is `home-failed-80x24.svg`."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        """One folder for all of them."""
        return str(SNAPSHOTS)

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        """The scene and the size, as the test and its parameters name them."""
        return picture_of(test_location.snapshot_name)


def picture_of(test: str) -> str:
    """The name of the picture that a test compares, without its ending."""
    return test.removeprefix("test_").replace("_", "-").replace("[", "-").rstrip("]")


# Looked up by the plugin whenever a picture is compared.
pytest_textual_snapshot.SVGImageExtension = Picture


class WorldMaker(Protocol):
    """Gives a world of its own to a test."""

    def __call__(self, name: str) -> World: ...


@pytest.fixture(scope="session")
def built_worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, World]:
    """The worlds that were built in this session, each of them once."""
    return {}


@pytest.fixture
def make_world(built_worlds: dict[str, World], tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> WorldMaker:
    """Copies a named world, so that a test may change it."""

    def make(name: str) -> World:
        if name not in built_worlds:
            folder = tmp_path_factory.mktemp(name)
            with ThreadPoolExecutor(1) as thread:
                built_worlds[name] = thread.submit(lambda: asyncio.run(build_world(name, folder))).result()
        folder = tmp_path / "analytics"
        shutil.copytree(built_worlds[name].paths.folder, folder)
        return open_world(folder, built_worlds[name].runs)

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--shown-in README.md` leaves of all tests only those whose pictures that file shows."""
    parser.addoption("--shown-in", metavar="FILE", type=Path, help="only the pictures that this file shows")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the tests that compare pictures, so that `-m snapshot` chooses them."""
    pictures = [item for item in items if "snap_compare" in getattr(item, "fixturenames", ())]
    for item in pictures:
        item.add_marker(pytest.mark.snapshot)
    file: Path | None = config.getoption("--shown-in", None)
    if file is not None:
        shown = set(re.findall(r"\(snapshots/([\w-]+)\.svg\)", file.read_text("utf-8")))
        items[:] = [item for item in pictures if picture_of(item.name) in shown]


def pytest_configure(config: pytest.Config) -> None:
    """Pictures are named for what they show and not, as the plugin would have it, for the test that made them."""
    config.addinivalue_line("filterwarnings", r"ignore:\s*Can not relate snapshot:UserWarning")
