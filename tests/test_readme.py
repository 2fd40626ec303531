"""What the README shows has to be there."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text("utf-8")
PICTURES = re.findall(r"!\[(?P<what>[^\]]*)\]\((?P<file>[^)]+)\)", README)


def test_it_shows_pictures() -> None:
    assert PICTURES


@pytest.mark.parametrize(("what", "file"), PICTURES)
def test_its_pictures_are_there(what: str, file: str) -> None:
    assert what
    assert re.fullmatch(r"snapshots/[\w-]+\.svg", file)
    assert (REPOSITORY / file).is_file()


def test_its_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)\b", README, re.MULTILINE))
    assert named
    assert named <= targets
