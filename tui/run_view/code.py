"""Of which code a run is, and where on the web that can be looked at. Values in, text out."""

from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from store.forge import branch_url, commit_url
from store.models import Run
from store.text import one_line

_COMMIT_LENGTH = 7
_OPENS = Style.from_meta({"@click": "screen.show_code"})


@dataclass(frozen=True, slots=True)
class CodeFact:
    """One thing that is known of a run's code; `page` says that it is the address of a web page."""

    label: str
    value: str
    page: bool = False


def code_of(run: Run) -> Text | None:
    """`main@a1b2c3d anna`, each with its web page where the remote is a known forge; None for files of no repository.

    A terminal that knows links (OSC 8) opens the pages; a click shows all that is known of the code.
    """
    commit = run.commit[:_COMMIT_LENGTH] if run.commit else None
    parts = ((run.branch, branch_url(run.remote, run.branch)), (commit, commit_url(run.remote, run.commit)))
    named = Text("@").join([_linked(one_line(part), page) for part, page in parts if part])
    if not named.plain:
        return None
    return named.append(f" {one_line(run.commit_author)}") if run.commit_author else named


def code_facts(run: Run) -> list[CodeFact]:
    """All that is known of a run's code, the web pages first; empty for files that are in no repository."""
    known = (
        ("commit page", commit_url(run.remote, run.commit), True),
        ("branch page", branch_url(run.remote, run.branch), True),
        ("commit", run.commit, False),
        ("branch", run.branch, False),
        ("author", run.commit_author, False),
        ("message", run.commit_message, False),
        ("remote", run.remote, False),
    )
    return [CodeFact(label, value, page) for label, value, page in known if value] if run.commit else []


def _linked(text: str, page: str | None) -> Text:
    return Text(text, Style(link=page) + _OPENS) if page else Text(text)
