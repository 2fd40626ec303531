"""What the tests of sudden deaths share."""

from tests.support.fixtures import live, parsed

__all__ = ["live", "parsed"]
