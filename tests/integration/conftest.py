"""What the tests with real engines share."""

from tests.support.fixtures import live, parsed

__all__ = ["live", "parsed"]
