"""Facts of a detail: a label and what is known under it."""

Facts = tuple[tuple[str, str], ...]
"""Labels with their values, in the order in which they are shown; a value may have several lines."""


def known(*facts: tuple[str, str]) -> Facts:
    """The facts that say something."""
    return tuple((label, value) for label, value in facts if value)
