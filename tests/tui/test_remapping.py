"""A user's own keys."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from engine.errors import UsageError
from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, text_of, until_shown
from tui.remapping import keys_of, remap


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own file, which is not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    file = tmp_path / "own" / "runroom" / "config.toml"
    file.parent.mkdir(parents=True)
    return file


def test_another_place_for_a_key() -> None:
    assert remap({"environments.stop": "ctrl+x"}) == {"environments.stop": "ctrl+x"}


def test_characters_are_understood_as_they_are() -> None:
    assert remap({"run.search": "?, f9", "everywhere.help": "f1"})["run.search"] == "question_mark,f9"


def test_an_unknown_id_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match=r"'environments\.stopp'.*Did you mean environments\.stop\?"):
        remap({"environments.stopp": "s"})


@pytest.mark.parametrize("keys", ["", " ", "x,,y"])
def test_an_empty_key_is_refused(keys: str) -> None:
    with pytest.raises(UsageError, match=r"'environments\.stop' has to be something, such as 'x'\."):
        remap({"environments.stop": keys})


@pytest.mark.parametrize("key", ["crtl+x", "ctrl+escpae", "page_dn"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(UsageError, match=r"for 'run\.stop' is no key"):
        remap({"run.stop": key})


@pytest.mark.parametrize(
    ("key_id", "key", "owner"),
    [
        ("run.stop", "r", "run.rerun"),
        ("run.stop", "j", "lists.down"),
        ("everywhere.theme", "question_mark", "everywhere.help"),
    ],
)
def test_a_key_that_does_something_else_there_is_refused(key_id: str, key: str, owner: str) -> None:
    with pytest.raises(UsageError, match=f"'{key}' cannot be the key of '{key_id}': there it is that of '{owner}'"):
        remap({key_id: key})


def test_keys_of_places_that_never_meet_may_be_the_same() -> None:
    assert remap({"run.stop": "P"}) == {"run.stop": "P"}


def test_two_keys_may_change_places() -> None:
    assert remap({"run.stop": "r", "run.rerun": "x"}) == {"run.stop": "r", "run.rerun": "x"}


def test_what_shares_a_key_from_the_start_may_go_on_doing_so() -> None:
    assert remap({"run.close_detail": "backspace", "everywhere.back": "backspace"})


def test_the_workspace_goes_before_the_user(own_file: Path, tmp_path: Path) -> None:
    own_file.write_text('[keys]\nrun.stop = "f9"\n"run.rerun" = "f8"\n')
    (tmp_path / "runroom.toml").write_text('[keys]\nrun.stop = "f7"\n')
    assert keys_of(tmp_path) == {"run.stop": "f7", "run.rerun": "f8"}


def test_a_mistake_names_its_file(own_file: Path, tmp_path: Path) -> None:
    own_file.write_text('[keys]\nrun.stopp = "f9"\n')
    with pytest.raises(UsageError, match=r"config\.toml: There is no key 'run\.stopp'"):
        keys_of(tmp_path)


class TestInTheApp:
    async def test_the_new_key_works_and_the_old_one_does_not(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        app = staged_app(world, world.runs["failed"], keys={"run.tab_2": "f9"})
        async with app.run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "took down 3 models")
            await pilot.press("2")
            assert not _shows_audits(pilot)
            await pilot.press("f9")
            assert _shows_audits(pilot)

    async def test_help_and_palette_show_it(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        app = staged_app(world, world.runs["failed"], keys={"run.tab_1": "f9", "everywhere.times": "f8"})
        async with app.run_test(size=(120, 60)) as pilot:
            await until_shown(pilot, "took down 3 models")
            await pilot.press("question_mark")
            await until_shown(pilot, "f9 2 3 4 5 6 7 8 show a tab by its number")
            await pilot.press("escape", "colon", *"times in")
            await until_shown(pilot, "f8")


def _shows_audits(pilot: Pilot[None]) -> bool:
    return "blocks" in text_of(pilot)
