"""Keeps what a run executed as files of the run, so that it can be read and compared afterwards."""

from engine.adapters.sqlmesh.values import Said, display_name
from store.definitions import RecordedDefinition, definition_file, executed_file
from store.paths import RunPaths


class DefinitionFiles:
    """Listens to the bridge for definitions, and for the statements that wrote models."""

    def __init__(self, paths: RunPaths) -> None:
        self._paths = paths

    def hear(self, said: Said) -> None:
        """One event of the bridge; most are none of its business."""
        if said.get("type") == "definition":
            self._keep_definition(said)
        elif said.get("type") == "model_finished" and said.get("statement"):
            file = executed_file(self._paths, said["model"])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{said['statement']}\n", encoding="utf-8")

    def _keep_definition(self, said: Said) -> None:
        recorded = RecordedDefinition.model_validate(
            {**said, "name": display_name(str(said["name"])), "dialect": said.get("dialect") or None}
        )
        file = definition_file(self._paths, recorded.model)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(recorded.model_dump_json(exclude_none=True, indent=1), encoding="utf-8")
