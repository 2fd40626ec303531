"""What went wrong in one dbt command: the material of the sentence that explains its failure."""

from dataclasses import dataclass, field

from engine.adapters.dbt.tool_event import ToolEvent, text

_OF_HOOK = "failed, error:"


@dataclass(slots=True)
class Summary:
    """Names of what failed, and dbt's own words on what ended the command."""

    failed_models: list[str] = field(default_factory=list)
    failed_audits: list[str] = field(default_factory=list)
    failed_hooks: list[str] = field(default_factory=list)
    hook_problem: str | None = None
    fatal: str | None = None
    first_error: str | None = None

    def hear(self, event: ToolEvent) -> None:
        """Remembers what the event says of errors."""
        if event.code == "Z002":
            self.fatal = text(event.data.get("exc")) or event.text
        elif event.level == "error" and event.text:
            self.first_error = self.first_error or event.text
            _, is_of_hook, problem = event.text.partition(_OF_HOOK)
            if is_of_hook:
                self.hook_problem = problem.strip()

    def note_model(self, name: str, failed: bool) -> None:
        """A model ended; the last word on it counts."""
        _note(self.failed_models, name, failed)

    def note_audit(self, name: str, failed: bool) -> None:
        """An audit ended; `failed` when it blocks or could not be executed."""
        _note(self.failed_audits, name, failed)


def _note(names: list[str], name: str, failed: bool) -> None:
    if failed and name not in names:
        names.append(name)
    elif not failed and name in names:
        names.remove(name)
