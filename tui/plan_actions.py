"""What a person does with plans and what they leave: make one, apply it, repair, ask the tool again.

These coroutines open dialogs and wait for them, so they run in a worker, as those of `tui.run_actions` do.
"""

from typing import Any

from rich.text import Text
from textual.app import App

from store.errors import StoreError
from store.models import Run, RunOptions
from store.reads import StoreReader
from store.run_record import RunRecord, read_record
from store.wording import counted
from tui.run_actions import announced, attempt, notify, notify_error, refused
from tui.run_view import plan, torn
from tui.screens.categories import CategoriesScreen
from tui.screens.confirm import ConfirmScreen
from tui.services import Services

_MODELS_NAMED = 6


async def make_plan(app: App[Any], services: Services, environment: str, options: RunOptions) -> Run | None:
    """Has a plan made, which changes nothing. Gives its run, None where there is none."""
    if refused(app, services):
        return None
    return await announced(app, services.actions.plan(environment, options))


async def apply_plan(app: App[Any], services: Services, run_id: int) -> Run | None:
    """Applies the plan that a run showed, after saying what that does where. Gives the new run, None without one."""
    if refused(app, services):
        return None
    try:
        async with services.reads() as reader:
            record = await read_record(reader, run_id)
            production = await _is_production(reader, record.run)
    except StoreError as error:
        notify_error(app, str(error))
        return None
    if models := plan.uncategorised(record):
        return await _categorise(app, services, record, models)
    if (obstacle := plan.why_not_applied(record)) is not None:
        notify_error(app, obstacle)
        return None
    place = f"{record.run.project}/{record.run.environment}"
    warning = f"{place} is PRODUCTION." if production else ""
    question = f"Apply the plan of #{run_id} to {place}?"
    dialog = ConfirmScreen(question, plan.facts_text(record), "Apply it", "Leave it", warning)
    if not await app.push_screen_wait(dialog):
        return None
    wanted = record.run.options.model_copy(update={"apply": True, "expect": record.details.get("fingerprint")})
    return await announced(app, services.actions.plan(place, wanted))


async def _categorise(app: App[Any], services: Services, record: RunRecord, models: tuple[str, ...]) -> Run | None:
    """Asks which changes are breaking and has the plan made again with the answer: what it loads depends on it."""
    chosen = await app.push_screen_wait(CategoriesScreen(models))
    if chosen is None:
        return None
    wanted = record.run.options.model_copy(update={"categories": chosen})
    return await announced(app, services.actions.plan(f"{record.run.project}/{record.run.environment}", wanted))


async def repair_run(app: App[Any], services: Services, run_id: int) -> Run | None:
    """Loads again what a run left half-written, after naming it. Gives the new run, None without one."""
    if refused(app, services):
        return None
    try:
        async with services.reads() as reader:
            record = await read_record(reader, run_id)
            production = await _is_production(reader, record.run)
    except StoreError as error:
        notify_error(app, str(error))
        return None
    if not torn.unrepaired(record):
        notify_error(app, f"#{run_id} left nothing half-written that is not repaired.")
        return None
    place = f"{record.run.project}/{record.run.environment}"
    warning = f"{place} is PRODUCTION." if production else ""
    question = f"Repair what #{run_id} left half-written in {place}?"
    if not await app.push_screen_wait(ConfirmScreen(question, _repair_facts(record), "Repair it", warning=warning)):
        return None
    return await announced(app, services.actions.repair(run_id))


async def refresh_environments(app: App[Any], services: Services, project: str | None) -> None:
    """Has SQLMesh's environments read again, saying so before and after: it takes seconds."""
    if refused(app, services):
        return
    notify(app, f"Asking SQLMesh for the environments{f' of {project}' if project else ''} …")
    answer = await attempt(app, services.actions.refresh_environments(project))
    if answer is None:
        return
    for problem in answer.problems:
        notify_error(app, problem)
    if answer.environments:
        notify(app, f"Read {counted(answer.environments, 'environment')} of {', '.join(answer.projects)}.")
    elif not answer.problems:
        notify(app, "No project here keeps a state of its environments; SQLMesh projects do once a plan was applied.")


def _repair_facts(record: RunRecord) -> Text:
    text = Text("SQLMesh is told that these are missing, then loads them again:\n")
    return text.append_text(Text("\n").join(torn.model_lines(record, torn.unrepaired(record), _MODELS_NAMED)))


async def _is_production(reader: StoreReader, run: Run) -> bool:
    """By the configuration; for one that it does not know, by the name that SQLMesh gives production."""
    place = (run.project, run.environment)
    found = next((each for each in await reader.environments() if (each.project, each.name) == place), None)
    return found.type == "production" if found is not None else run.tool == "sqlmesh" and run.environment == "prod"
