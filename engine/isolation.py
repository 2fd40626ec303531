"""Where a run builds what a request proposes: a schema or environment of its own, gone after the run."""

from engine.git_triggers.refs import request_of
from store.models import RunRequest


def isolated_name(request: RunRequest) -> str | None:
    """`ci_7` for a ci job that the request 7 started; None for runs that build where their environment says."""
    if request.job_type != "ci" or request.head is None:
        return None
    number = request_of(request.head.ref)
    return None if number is None else f"ci_{number}"
