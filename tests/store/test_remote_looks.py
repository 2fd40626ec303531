"""How looks at remotes are remembered and told."""

from datetime import timedelta

from store.models import Project
from store.reads import StoreReader
from store.remote_looks import RemoteLook, is_late, look_json, look_text, looks_of, problems_of
from store.writes import StoreWriter
from tests.store.making import BEGIN

REMOTE = "git@github.com:acme/shop.git"
NOW = BEGIN + timedelta(hours=3)


async def test_the_last_look_and_the_last_that_went_well_are_known(writer: StoreWriter, reader: StoreReader) -> None:
    later = BEGIN + timedelta(hours=1)
    await writer.git.begin("shop", REMOTE, {}, BEGIN)
    assert await reader.git.looks() == [RemoteLook("shop", REMOTE, BEGIN, BEGIN)]
    await writer.git.note_attempt("shop", REMOTE, later, "Connection refused")
    assert await reader.git.looks() == [RemoteLook("shop", REMOTE, later, BEGIN, "Connection refused")]
    await writer.git.note_look("shop", REMOTE, NOW)
    assert await reader.git.looks() == [RemoteLook("shop", REMOTE, NOW, NOW)]


async def test_a_remote_that_never_answered_is_not_known_for_it(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.git.begin("shop", "/srv/former.git", {}, BEGIN)
    await writer.git.note_attempt("shop", REMOTE, NOW, "Connection refused")
    assert await reader.git.looks() == [RemoteLook("shop", REMOTE, NOW, None, "Connection refused")]
    assert not await reader.git.is_known("shop", REMOTE)


def test_the_sentence_says_when_and_how_it_went() -> None:
    failed = RemoteLook("shop", REMOTE, NOW - timedelta(seconds=20), BEGIN, "Connection refused")
    assert look_text(RemoteLook("shop", REMOTE), NOW).endswith(" was not looked at yet: an engine does that.")
    assert look_text(RemoteLook("shop", REMOTE, NOW - timedelta(minutes=2)), NOW) == (
        f"The remote of shop, {REMOTE}, answered 2m ago."
    )
    assert look_text(failed, NOW) == (
        f"The remote of shop, {REMOTE}, could not be looked at 20s ago: Connection refused; it answered last 3h ago."
    )
    assert problems_of([RemoteLook("shop", REMOTE), failed], NOW) == [look_text(failed, NOW)]
    assert look_json(failed)["problem"] == "Connection refused"


def test_what_matters_is_polled_or_could_not_be_cloned() -> None:
    polled = Project(name="shop", tool="dbt", path=".", poll_s=60.0)
    cloned = Project(name="mesh", tool="sqlmesh", path=".", git=REMOTE)
    former = RemoteLook("gone", REMOTE, NOW, None, "Connection refused")
    good, bad = RemoteLook("mesh", REMOTE, NOW), RemoteLook("mesh", REMOTE, NOW, None, "Connection refused")
    assert looks_of([polled, cloned], [good, former]) == [RemoteLook("shop")]
    assert looks_of([polled, cloned], [bad]) == [RemoteLook("shop"), bad]


def test_a_look_is_late_when_it_is_much_older_than_it_should_be() -> None:
    look = RemoteLook("shop", REMOTE, NOW - timedelta(minutes=5))
    assert is_late(look, 5.0, NOW)
    assert not is_late(look, 60.0, NOW)
    assert is_late(RemoteLook("shop"), 60.0, NOW)
