"""What the tests in a real terminal share."""

from tests.support.fixtures import live, parsed

__all__ = ["live", "parsed"]
