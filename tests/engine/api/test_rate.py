"""Who is counted together, and how many are kept in mind."""

import pytest

from engine.api.problems import ApiProblem
from engine.api.rate import RateLimiter, neighbourhood
from tests.engine.api.conftest import HandClock


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:1:aaaa::1", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        (None, ""),
    ],
)
def test_the_addresses_of_one_holder_are_counted_together(address: str | None, counted: str) -> None:
    assert neighbourhood(address) == counted


def test_no_more_are_kept_in_mind_than_there_is_room_for() -> None:
    limiter = RateLimiter(1, HandClock())
    for number in range(10_050):
        limiter.take(number)
    assert limiter.kept == 10_000
    with pytest.raises(ApiProblem):
        limiter.check(10_049)
    limiter.check(0)
    assert limiter.kept == 10_000, "who only asks is not kept"
