"""Which jobs a pushed head starts: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.configuration.remotes import is_a_path
from engine.git_triggers.heads import Head
from engine.git_triggers.refs import branch_of, request_of, shown_ref
from engine.origin import Origin
from engine.protocol import StartRun
from store.models import Environment, Job, Trigger

_SHORT = 10


@dataclass(frozen=True, slots=True)
class Moves:
    """What two looks at a project's remote differ in."""

    moved: tuple[Head, ...]
    gone: tuple[str, ...]


def moves(project: str, before: Mapping[str, str], now: Mapping[str, str], counted: Mapping[str, str]) -> Moves:
    """The heads that are new or at another commit, of those that count, and the refs that are not there any more."""
    moved = tuple(Head(project, ref, commit) for ref, commit in counted.items() if before.get(ref) != commit)
    return Moves(moved, tuple(ref for ref in before if ref not in now))


def of_the_repository(heads: Mapping[str, str], remote: str) -> Mapping[str, str]:
    """The heads without those of requests from forks.

    A request from the repository itself is at the same commit as one of its branches. A remote that is a path on this
    machine has no forks: whoever writes there works here.
    """
    if is_a_path(remote):
        return heads
    branches = {commit for ref, commit in heads.items() if branch_of(ref) is not None}
    return {ref: commit for ref, commit in heads.items() if branch_of(ref) is not None or commit in branches}


def jobs_for(head: Head, jobs: Iterable[Job], environments: Sequence[Environment]) -> tuple[Job, ...]:
    """For a branch the merge jobs whose environment follows it, for a request the project's ci jobs."""
    own = [job for job in jobs if job.project == head.project]
    if request_of(head.ref) is not None:
        return tuple(job for job in own if job.type == "ci")
    branch = branch_of(head.ref)
    following = {place.name for place in environments if place.project == head.project and place.branch == branch}
    return tuple(job for job in own if branch is not None and job.type == "merge" and job.environment in following)


def asked_for(job: Job, head: Head) -> tuple[StartRun, Origin]:
    """What asks for a run of this job because of this head, and what is recorded of why."""
    trigger: Trigger = "merge" if request_of(head.ref) is None else "pull_request"
    wanted = StartRun(job=f"{job.project}/{job.name}", environment=f"{job.project}/{job.environment}", trigger=trigger)
    told = f"{shown_ref(head.ref)} at {head.commit[:_SHORT]}"
    note = f"{told}: {head.note}" if head.note else told
    return wanted, Origin(head=head.recorded, note=note, in_line=True)
