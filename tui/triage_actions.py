"""What a person does about runs that are over: one, or all that are marked.

These coroutines open dialogs and wait for them, so they run in a worker, as those of `tui.run_actions` do.
"""

import shlex
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from rich.text import Text
from textual.app import App

from engine.protocol import DeedName
from store import wording
from store.errors import StoreError
from store.models import Run
from store.status import BAD
from store.text import one_line
from tui import formats
from tui.run_actions import attempt, copy, notify, notify_error, refused
from tui.services import Services

_NAMED = 8
_SPELLED_OUT = 4


async def acknowledge(app: App[Any], services: Services, run_ids: Sequence[int]) -> None:
    """Asks for a note and says that somebody looks after these failures; one that is acknowledged can be freed."""
    runs = await _chosen(app, services, run_ids, lambda run: run.status in BAD, "failed")
    if not runs:
        return
    from tui.screens.acknowledge import AcknowledgeScreen

    answer = await app.push_screen_wait(AcknowledgeScreen(runs))
    if answer is None:
        return
    deed: DeedName = "unacknowledge" if answer.takes_back else "acknowledge"
    done = await _each(app, runs, lambda run: services.actions.triage(run.id, deed, answer.note or None))
    if done:
        new = "is new again" if len(done) == 1 else "are new again"
        notify(app, f"{_named(done)} {new if answer.takes_back else 'acknowledged'}.")


async def archive(app: App[Any], services: Services, run_ids: Sequence[int]) -> None:
    """Takes runs out of the lists, or puts those that are in the archive back."""
    runs = await _chosen(app, services, run_ids, lambda run: not run.is_active, "over")
    if not runs:
        return
    deed: DeedName = "unarchive" if all(run.archived for run in runs) else "archive"
    wanted = [run for run in runs if run.archived == (deed == "unarchive")]
    done = await _each(app, wanted, lambda run: services.actions.triage(run.id, deed))
    verb, them = ("is", "it") if len(done) == 1 else ("are", "them")
    where = "back in the lists" if deed == "unarchive" else f"in the archive; is:archived lists {them}"
    if done:
        notify(app, f"{_named(done)} {verb} {where}.")


async def delete(app: App[Any], services: Services, run_ids: Sequence[int]) -> tuple[int, ...]:
    """Deletes runs that are over, after naming them; gives those that are gone."""
    runs = await _chosen(app, services, run_ids, lambda run: not run.is_active, "over")
    if not runs:
        return ()
    from tui.screens.confirm import ConfirmScreen

    question = f"Delete {_named(runs)}?"
    facts = Text("With record, logs and artifacts. U brings them back until the engine stops.\n\n").append(
        _listed(runs)
    )
    if not await app.push_screen_wait(ConfirmScreen(question, facts, "Delete", "Keep")):
        return ()
    done = await _each(app, runs, lambda run: services.actions.delete(run.id))
    gone = tuple(run.id for run in done)
    if gone:
        services.undo.deleted(gone)
        notify(app, f"{_named(done)} deleted; U brings {'it' if len(gone) == 1 else 'them'} back.")
    return gone


async def undo_delete(app: App[Any], services: Services) -> None:
    """Brings back what was deleted last."""
    if refused(app, services):
        return
    run_ids = services.undo.take_back()
    if not run_ids:
        notify(app, "Nothing was deleted that could be brought back.")
        return
    back = [await attempt(app, services.actions.triage(run_id, "undelete")) for run_id in run_ids]
    if found := [run for run in back if run is not None]:
        notify(app, f"{_named(found)} {'is' if len(found) == 1 else 'are'} back.")


async def rename(app: App[Any], services: Services, run_id: int) -> None:
    """Asks for another name."""
    (run,) = await _chosen(app, services, (run_id,), lambda _: True, "there") or (None,)
    if run is None:
        return
    from tui.screens.ask_line import AskLineScreen

    name = await app.push_screen_wait(AskLineScreen(f"What shall #{run.id} be called?", run.name, most=200))
    if name is not None and name != run.name and await attempt(app, services.actions.rename(run.id, name)) is not None:
        notify(app, f"#{run.id} is called {name} now.")


async def copy_link(app: App[Any], services: Services, run_id: int) -> None:
    """Copies the command that opens the run, from anywhere on this machine."""
    await copy(app, services, f"runroom watch {run_id} -w {shlex.quote(str(services.paths.folder))}")


async def stop_all(app: App[Any], services: Services, run_ids: Sequence[int]) -> None:
    """Asks once, then asks the engine to stop each of them that goes on."""
    runs = await _chosen(app, services, run_ids, lambda run: run.is_active, "going on")
    if not runs:
        return
    from tui.screens.confirm import ConfirmScreen

    question = f"Stop {_named(runs)}?"
    warning = await _production(app, services, runs)
    if await app.push_screen_wait(ConfirmScreen(question, _listed(runs), "Stop them", "Let them run", warning)):
        done = await _each(app, runs, lambda run: services.actions.cancel(run.id))
        if done:
            notify(app, f"{_named(done)} {'was' if len(done) == 1 else 'were'} asked to stop.")


async def run_all_again(app: App[Any], services: Services, run_ids: Sequence[int]) -> None:
    """Says what each would execute and asks once, then runs each of them again with the latest files."""
    runs = await _chosen(app, services, run_ids, lambda run: not run.is_active, "over")
    if not runs:
        return
    from tui.screens.confirm import ConfirmScreen

    facts = await _commands(app, services, runs)
    if facts is None:
        return
    question = f"Run {_named(runs)} again?"
    warning = await _production(app, services, runs)
    if await app.push_screen_wait(ConfirmScreen(question, facts, "Run again", "No", warning)):
        done = await _each(app, runs, lambda run: services.actions.rerun(run.id))
        if done:
            notify(app, f"Started {_named(done)}.")


async def _chosen(
    app: App[Any], services: Services, run_ids: Sequence[int], fits: Callable[[Run], bool], what: str
) -> list[Run]:
    """Those runs that this can be done to; says so where it is none."""
    if refused(app, services):
        return []
    try:
        async with services.reads() as reader:
            runs = [await reader.run(run_id) for run_id in run_ids]
    except StoreError as error:
        notify_error(app, str(error))
        return []
    found = [run for run in runs if fits(run)]
    if not found:
        notify_error(app, f"{_named(runs)}: not {what}.")
    return found


async def _each(app: App[Any], runs: Sequence[Run], act: Callable[[Run], Awaitable[Run]]) -> list[Run]:
    """One after the other; what the engine refuses is said, and the others are done all the same."""
    answers = [await attempt(app, act(run)) for run in runs]
    return [answer for answer in answers if answer is not None]


async def _production(app: App[Any], services: Services, runs: Sequence[Run]) -> str:
    try:
        async with services.reads() as reader:
            places = {(each.project, each.name) for each in await reader.environments() if each.type == "production"}
    except StoreError as error:
        notify_error(app, str(error))
        return ""
    touched = dict.fromkeys(
        f"{run.project}/{run.environment}" for run in runs if (run.project, run.environment) in places
    )
    return f"{', '.join(touched)} {'is' if len(touched) == 1 else 'are'} PRODUCTION." if touched else ""


async def _commands(app: App[Any], services: Services, runs: Sequence[Run]) -> Text | None:
    """The runs, the first of them with what they would execute; None where one cannot be run again, which is said."""
    lines: list[Text] = []
    for run in runs[:_SPELLED_OUT]:
        preview = await attempt(app, services.actions.preview_rerun(run.id, "latest"))
        if preview is None:
            return None
        lines.append(_run_line(run))
        lines += [formats.styled(f"  {one_line(command)}", formats.MUTED) for command in preview.commands]
    if rest := runs[_SPELLED_OUT:]:
        lines.append(
            formats.styled(f"and {wording.counted(len(rest), 'more run')}, each with its own commands", formats.MUTED)
        )
    return Text("\n").join(lines)


def _named(runs: Sequence[Run]) -> str:
    if len(runs) == 1:
        return f"#{runs[0].id}"
    return wording.counted(len(runs), "run")


def _listed(runs: Sequence[Run]) -> Text:
    lines = [_run_line(run) for run in runs[:_NAMED]]
    if (more := len(runs) - _NAMED) > 0:
        lines.append(formats.styled(f"and {more:,} more", formats.MUTED))
    return Text("\n").join(lines)


def _run_line(run: Run) -> Text:
    place = f"{run.project}/{run.environment}"
    return Text.assemble((f"#{run.id}", "bold"), f" {one_line(run.name)}  ", (one_line(place), formats.MUTED))
