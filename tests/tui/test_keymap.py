"""The one declaration of keys."""

from tui import keymap
from tui.screens.environment import EnvironmentScreen
from tui.screens.environments import EnvironmentsScreen
from tui.screens.run import RunScreen


def test_ids_are_unique_and_name_a_known_scope() -> None:
    assert len(keymap.BY_ID) == len(keymap.KEYS)
    assert {key.scope for key in keymap.KEYS} == set(keymap.SCOPE_TITLES)


def test_no_key_does_two_things_in_one_scope() -> None:
    for scope in keymap.SCOPE_TITLES:
        keys = [single for key in keymap.keys_of(scope) for single in key.keys.split(",")]
        assert len(set(keys)) == len(keys), scope


def test_what_is_dangerous_acts() -> None:
    assert all(key.acts for key in keymap.KEYS if key.dangerous)


def test_what_a_screen_has_together_is_known_to_be() -> None:
    for screen in (EnvironmentsScreen, EnvironmentScreen, RunScreen):
        lists = [scope for scope in screen.HELP_SCOPES if scope != "chart"]
        assert any(set(lists) <= together for together in keymap.TOGETHER), screen


def test_keys_are_spelled_as_people_know_them() -> None:
    assert keymap.spelled("f,slash") == "f /"
    assert keymap.spelled("right_square_bracket") == "]"
