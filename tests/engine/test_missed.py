"""Fires that were missed, by policy."""

from datetime import timedelta

import pytest

from engine.missed import MOST_AT_ONCE, REASON, Answer, answers
from store.models import MissedPolicy
from tests.store.making import moment

HOUR = 3600.0
THREE = [moment(HOUR), moment(2 * HOUR), moment(3 * HOUR)]
BACK = moment(3.5 * HOUR)
"""The engine is there again, after three fires."""
OF_THREE = f"{REASON}, one of 3 fires from 2026-11-21 04:00 to 2026-11-21 06:00 UTC"
SKIPPED = [Answer(at, skipped=reason) for at, reason in zip(THREE, (OF_THREE, REASON, REASON), strict=True)]
"""The first says of all of them, for people are told of that one."""


@pytest.mark.parametrize("policy", ["skip", "once", "all"])
def test_a_fire_that_the_engine_is_there_for_is_answered_whatever_the_policy(policy: MissedPolicy) -> None:
    assert answers([BACK], policy, moment(0), BACK + timedelta(seconds=2)) == [Answer(BACK)]
    assert answers([], policy, moment(0), BACK) == []


def test_skipped_ones_are_recorded() -> None:
    assert answers(THREE, "skip", BACK, BACK) == SKIPPED
    assert answers(THREE[:1], "skip", BACK, BACK) == [Answer(THREE[0], skipped=REASON)]


def test_one_run_stands_for_all_and_says_for_how_many() -> None:
    assert answers(THREE, "once", BACK, BACK) == [Answer(THREE[-1], note=f"stands for 3 fires {REASON}")]
    assert answers(THREE[:1], "once", BACK, BACK) == [Answer(THREE[0], note=f"stands for 1 fire {REASON}")]


def test_all_are_run_one_after_the_other() -> None:
    notes = (OF_THREE, REASON, REASON)
    assert answers(THREE, "all", BACK, BACK) == [
        Answer(at, note=note, in_line=True) for at, note in zip(THREE, notes, strict=True)
    ]


def test_a_present_fire_goes_along_with_the_missed_ones() -> None:
    fires, there, now = [*THREE, moment(4 * HOUR)], BACK, moment(4 * HOUR + 1)

    assert answers(fires, "skip", there, now) == [*SKIPPED, Answer(fires[-1])]
    assert answers(fires, "once", there, now) == [Answer(fires[-1], note=f"stands also for 3 fires {REASON}")]
    assert answers(fires, "all", there, now)[-1] == Answer(fires[-1], in_line=True)


def test_a_machine_that_slept_missed_what_is_long_past() -> None:
    assert answers(THREE, "skip", moment(0), BACK) == SKIPPED


@pytest.mark.parametrize("policy", ["skip", "all"])
def test_there_is_a_bound_and_what_is_beyond_it_is_told(policy: MissedPolicy) -> None:
    fires = [moment(10 * number) for number in range(1_000)]
    found = answers(fires, policy, BACK, BACK)

    assert len([answer for answer in found if not answer.skipped or policy == "skip"]) == MOST_AT_ONCE
    assert "one of 1,000 fires" in (found[0].skipped or "")
    assert found[-1].at == fires[-1]
    assert len({answer.at for answer in found}) == len(found)
