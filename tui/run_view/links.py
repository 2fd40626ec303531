"""The runs that a run belongs together with. Values in, values out."""

from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from store.run_record import RunRecord


@dataclass(frozen=True, slots=True)
class Link:
    """Another run, and what it is to this one: `run again as #13`."""

    what: str
    run_id: int
    told: bool = False
    """Whether the sentence in front of the run names it already."""

    @property
    def text(self) -> Text:
        """A click on it goes there."""
        text = Text(f"{self.what} #{self.run_id}")
        text.stylize(Style.from_meta({"@click": f"screen.go_to({self.run_id})"}))
        return text


def links_of(record: RunRecord) -> list[Link]:
    """The one that matters most first: where a failed run went well in the end, or is on its way to."""
    run = record.run
    known = (
        ("run again as" if record.was_run_again else "later well in", run.superseded_by, False),
        ("again of", run.rerun_of, False),
        ("repairs", run.options.repair_of, False),
        ("because of", run.caused_by if run.caused_by != run.rerun_of else None, False),
        ("waits for", run.waits_for if run.is_active else None, True),
        ("skipped because of", run.collided_with, True),
    )
    return [Link(what, run_id, told) for what, run_id, told in known if run_id is not None]
