"""The one declaration of keys."""

import pytest

from engine.errors import UsageError
from tui import keymap


def test_ids_are_unique_and_name_a_known_scope() -> None:
    assert len(keymap.BY_ID) == len(keymap.KEYS)
    assert {key.scope for key in keymap.KEYS} == set(keymap.SCOPE_TITLES)


def test_no_key_does_two_things_in_one_scope() -> None:
    for scope in keymap.SCOPE_TITLES:
        keys = [single for key in keymap.keys_of(scope) for single in key.keys.split(",")]
        assert len(set(keys)) == len(keys), scope


def test_what_is_dangerous_acts() -> None:
    assert all(key.acts for key in keymap.KEYS if key.dangerous)


def test_another_place_for_a_key() -> None:
    assert keymap.remap({"environments.stop": "ctrl+x"}) == {"environments.stop": "ctrl+x"}


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match=r"'environments\.stopp'.*Did you mean environments\.stop\?"):
        keymap.remap({"environments.stopp": "s"})


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(UsageError, match=r"'environments\.stop'"):
        keymap.remap({"environments.stop": " "})


def test_keys_are_spelled_as_people_know_them() -> None:
    assert keymap.spelled("f,slash") == "f /"
    assert keymap.spelled("right_square_bracket") == "]"
