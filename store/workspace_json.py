"""Jobs and environments as JSON, the same from the command line and the API. Times are ISO 8601, durations seconds."""

from datetime import datetime
from typing import Any

from store.clock import to_iso
from store.events import EnvironmentState
from store.job_glance import JobGlance
from store.models import EnvironmentHealth, JobPause, Run
from store.remote_looks import look_json

_STRIP = 8


def job_json(glance: JobGlance, now: datetime) -> dict[str, Any]:
    """A job with how it stands."""
    return {
        **glance.job.model_dump(mode="json"),
        "next_at": to_iso(glance.next_at) if glance.next_at else None,
        "last_statuses": [run.status.value for run in reversed(glance.runs[:_STRIP])],
        "usual_duration_s": glance.usual_s,
        "paused": pause_json(glance.pause) if glance.pause else None,
        "remote": look_json(glance.remote) if glance.remote else None,
        "last_run": last_run_json(glance.last_run, now),
    }


def pause_json(pause: JobPause) -> dict[str, Any]:
    """Why a job does not start by itself."""
    return {
        "project": pause.project,
        "job": pause.job,
        "reason": pause.reason,
        "author": pause.author,
        "paused_at": to_iso(pause.paused_at),
    }


def environment_json(known: EnvironmentHealth, now: datetime) -> dict[str, Any]:
    """An environment with its last run and plan, what fails in it, what is half-written, and what its tool says."""
    return {
        **known.environment.model_dump(mode="json"),
        "tool": known.tool,
        "last_run": last_run_json(known.last_run, now),
        "last_plan": last_run_json(known.last_plan, now),
        "failing": [{"kind": node.kind, "name": node.name, "run": node.run_id} for node in known.failing],
        "torn": [{"run": run.run_id, "models": list(run.models)} for run in known.torn],
        "state": _state_json(known.state),
    }


def last_run_json(run: Run | None, now: datetime) -> dict[str, Any] | None:
    """How a place fared last; None where nothing ran yet."""
    if run is None:
        return None
    return {
        "id": run.id,
        "status": run.status.value,
        "created_at": to_iso(run.created_at),
        "duration_s": run.duration_s(now),
    }


def _state_json(state: EnvironmentState | None) -> dict[str, Any] | None:
    if state is None:
        return None
    told = state.model_dump(mode="json", exclude={"v", "seq", "type", "ts"})
    return {"as_of": state.model_dump(mode="json")["ts"], **told}
