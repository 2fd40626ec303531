"""Whether bytes contain others."""

from hypothesis import given
from hypothesis import strategies as st

from store.logs.containing import contains


@given(content=st.binary(max_size=60), needle=st.binary(max_size=3))
def test_any_bytes_as_python_has_it(content: bytes, needle: bytes) -> None:
    assert contains(content, needle) == (needle in content)


@given(content=st.text("ab\0", max_size=40), needle=st.text("ab\0", max_size=4))
def test_bytes_that_repeat_and_zeros(content: str, needle: str) -> None:
    assert contains(content.encode(), needle.encode()) == (needle in content)
