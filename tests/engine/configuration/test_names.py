import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.configuration.names import as_name, check_name, suggestion


@given(st.text())
def test_whatever_is_detected_becomes_a_name(text: str) -> None:
    assert check_name(as_name(text))


@pytest.mark.parametrize("name", ["", "a/b", "-x", "a b", "#1", "é", "a\x1b[2J", "x" * 101])
def test_names_that_a_reference_could_not_spell(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a name"):
        check_name(name)


def test_suggests_the_nearest_or_names_all() -> None:
    assert suggestion("nihgtly", ["nightly", "build"]) == 'did you mean "nightly"?'
    assert suggestion("xyz", ["b", "a"]) == "known: a, b."
    assert suggestion("xyz", []) == "none is known."
