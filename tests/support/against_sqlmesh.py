"""Holds what `runroom show --json` says of a run against what SQLMesh's own console and state say."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from store.events import EnvironmentState

_WITNESS = Path(__file__).with_name("sqlmesh_witness.py")
_LIMIT_S = 300.0

Spans = list[tuple[int, int]]
"""Half-open stretches of time, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What SQLMesh had, by kind and status, and a line for each in which Runroom differs."""

    counts: Counter[str]
    differences: list[str]


def sqlmesh_says(project: Path, *arguments: str, gateway: str | None = None) -> dict[str, Any]:
    """The answer of `sqlmesh_witness.py`, given in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-P", str(_WITNESS), str(project), *arguments],
        env={**os.environ, "SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true"} | ({"GATEWAY": gateway} if gateway else {}),
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    answer: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return answer


def compare_run(shown: Mapping[str, Any], said: Mapping[str, Any]) -> Comparison:
    """The models and audits of `show --json` against those that SQLMesh's console named in the same work."""
    ours = {model["unique_name"]: model for model in shown["models"]}
    theirs: dict[str, dict[str, Any]] = said["models"]
    differences = [f"{model}: only SQLMesh knows it" for model in theirs.keys() - ours.keys()]
    differences += [f"{model}: only Runroom knows it" for model in ours.keys() - theirs.keys()]
    for model in ours.keys() & theirs.keys():
        differences += [f"{model}: {line}" for line in _model_differences(ours[model], theirs[model])]
    # An audit that stands alone is its own node in SQLMesh, and on no model here.
    audits_said = Counter(_audit_line(model if model in theirs else None, *audit) for model, *audit in said["audits"])
    names = {model["name"]: model["unique_name"] for model in shown["models"]}
    audits_shown = Counter(
        _audit_line(names.get(audit["model"], audit["model"]), audit["name"], audit["status"], audit["failures"])
        for audit in shown["audits"]
    )
    differences += [f"audit only of SQLMesh: {line}" for line in (audits_said - audits_shown).elements()]
    differences += [f"audit only of Runroom: {line}" for line in (audits_shown - audits_said).elements()]
    counts = Counter(f"model {model['status']}" for model in theirs.values())
    counts.update(f"audit {audit[2]}" for audit in said["audits"])
    counts.update({"interval": sum(len(model["intervals"]) for model in theirs.values())})
    return Comparison(counts, sorted(differences))


def _model_differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterable[str]:
    if ours["status"] != theirs["status"]:
        yield f"SQLMesh says {theirs['status']}, Runroom {ours['status']}"
    spans = sorted(_span(interval) for interval in ours["intervals"])
    if spans != sorted((start, end) for start, end in theirs["intervals"]):
        yield f"SQLMesh loaded {theirs['intervals']}, Runroom says {spans}"


def _audit_line(model: str | None, name: str, status: str, failures: int | None) -> str:
    return f"{model or 'no model'} {name}: {status}, {failures} rows"


def compare_state(reported: Mapping[str, EnvironmentState], said: Mapping[str, Any]) -> Comparison:
    """The environments as the store knows them against SQLMesh's state."""
    differences = [f"{name}: known to one alone" for name in reported.keys() ^ said.keys()]
    counts: Counter[str] = Counter()
    for name in reported.keys() & said.keys():
        ours, theirs = reported[name], said[name]
        counts.update({"environment": 1, "model": len(theirs["loaded"])})
        counts.update({"loaded interval": sum(len(spans) for spans in theirs["loaded"].values())})
        if (ours.plan_id, ours.unfinalised) != (theirs["plan_id"], not theirs["finalised"]):
            differences.append(f"{name}: plan {ours.plan_id}, SQLMesh has {theirs['plan_id']}")
        loaded = {model.model: _merged(_moments(each) for each in model.loaded) for model in ours.intervals}
        expected = {model: _merged((start, end) for start, end in spans) for model, spans in theirs["loaded"].items()}
        differences += [
            f"{name}.{model}: Runroom says {loaded.get(model)}, SQLMesh {expected.get(model)}"
            for model in loaded.keys() | expected.keys()
            if loaded.get(model) != expected.get(model)
        ]
    return Comparison(counts, sorted(differences))


def compare_loaded(shown: Mapping[str, Any], said: Mapping[str, Any]) -> list[str]:
    """Whether what a plan into an empty environment says it loaded is what the state calls loaded there."""
    loaded: dict[str, Spans] = {
        model: _merged((start, end) for start, end in spans) for model, spans in said["loaded"].items()
    }
    ours = {model["unique_name"]: _merged(map(_span, model["intervals"])) for model in shown["models"]}
    return [
        f"{model}: the run loaded {ours.get(model, [])}, the state has {spans}"
        for model, spans in loaded.items()
        if ours.get(model, []) != spans
    ]


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    merged: Spans = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _span(interval: Mapping[str, str]) -> tuple[int, int]:
    return _milliseconds(datetime.fromisoformat(interval["start"])), _milliseconds(
        datetime.fromisoformat(interval["end"])
    )


def _moments(interval: Any) -> tuple[int, int]:
    return _milliseconds(interval.start), _milliseconds(interval.end)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
