"""Text of tools stays text inside of Markdown."""

from hypothesis import given
from hypothesis import strategies as st

from store.bundle.markdown import block, code, words


def test_nothing_in_words_is_markup() -> None:
    assert words("*bold* [link](x) @anna <b> a|b #1") == r"\*bold\* \[link\](x) \@anna \<b\> a\|b \#1"
    assert code("a`b\nc") == "`a’b c`"


@given(st.text())
def test_no_text_gets_out_of_its_fence(text: str) -> None:
    fence, *lines, end = block(text)
    assert fence == end
    assert not any(line.strip().startswith(fence) for line in lines)
