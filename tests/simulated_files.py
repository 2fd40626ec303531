"""The files that a simulated run leaves: step logs, compiled SQL, a manifest, with something in them to read."""

import json
from collections.abc import Sequence
from datetime import datetime

from store import events
from store.clock import to_iso
from store.events import AnyEvent
from store.paths import RunPaths
from tests.flights_graph import BY_NAME, MODELS, SimulatedModel


def write_files(paths: RunPaths, found: Sequence[AnyEvent]) -> None:
    """Writes what the run would have written up to its last event."""
    paths.logs.mkdir(parents=True, exist_ok=True)
    for step in (event for event in found if isinstance(event, events.StepStarted)):
        if step.log is not None:
            lines = (
                _build_log(found) if step.name == "build" else [_line(step.ts, "INFO", None, " ".join(step.command))]
            )
            (paths.folder / step.log).write_text("".join(lines), "utf-8")
    for model in MODELS:
        if model.kind == "model":
            file = paths.target / "compiled" / model.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(compiled_sql(model), "utf-8")
    manifest = {"metadata": {"project_name": "flights"}, "nodes": [model.key for model in MODELS]}
    (paths.target / "manifest.json").write_text(json.dumps(manifest, indent=2), "utf-8")


def compiled_sql(model: SimulatedModel) -> str:
    """SQL of a dozen lines and more; the fourteenth of `int_delays` is the one that its error names."""
    parents = [BY_NAME[parent].relation for parent in model.parents] or [f'read_parquet("{model.name}.parquet")']
    columns = ["carrier_code", "flight_number", "origin", "destination", "scheduled_departure", "departure_delay"]
    columns += ["scheduled_arrival", "arrival_delay", "air_time", "distance"]
    column = "tailnum" if model.name == "int_delays" else "tail_number"
    body = "".join(f"    {name},\n" for name in [*columns, "flight_date", column])
    return f"-- {model.name}\nselect\n{body}    {model.name}_key\nfrom {parents[0]}\n"


def _build_log(found: Sequence[AnyEvent]) -> list[str]:
    lines = [_line(found[0].ts, "INFO", None, "Running with dbt=1.11.2")]
    for event in found:
        match event:
            case events.ModelStarted():
                lines.append(_line(event.ts, "INFO", event.model, "START"))
            case events.ModelFinished(error=str(error)):
                lines += [_line(event.ts, "ERROR", event.model, text) for text in error.splitlines()]
            case events.ModelFinished():
                lines.append(_line(event.ts, "INFO", event.model, f"{event.status.upper()} in {event.duration_s}s"))
            case events.AuditFinished(failures=failures) if failures:
                lines.append(_line(event.ts, "WARN", event.audit, f"Got {failures} results"))
            case _:
                pass
    return lines


def _line(moment: datetime, level: str, node: str | None, text: str) -> str:
    name = f"[{node.rsplit('.', 1)[-1]}] " if node else ""
    return f"{to_iso(moment)} {level:<5} {name}{text}\n"
