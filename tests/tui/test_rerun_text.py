"""What a re-run is said to mean."""

from engine.protocol import RerunMode, RerunPreview
from tui.rerun_text import meaning_of

VERSION = "c02a80dee9a13178b9057b50f660e6da0f3c07ac"


def preview(mode: RerunMode, version: str | None = None) -> RerunPreview:
    return RerunPreview(run=12, mode=mode, commands=("dbt build",), source="some files", version=version)


def test_the_latest_files_of_a_pinned_job_are_those_to_which_it_is_pinned() -> None:
    assert meaning_of("latest") == "everything again, with the files as they are now"
    assert meaning_of("latest", preview("latest")) == meaning_of("latest")
    assert meaning_of("latest", preview("latest", VERSION)) == (
        "everything again, with the files to which the job is pinned"
    )


def test_the_other_ways_mean_the_same_for_every_job() -> None:
    for mode in ("same", "failed"):
        assert meaning_of(mode, preview(mode, VERSION)) == meaning_of(mode)
