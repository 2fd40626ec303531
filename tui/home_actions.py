"""What a person starts from home: a job, a plan. They open dialogs and wait for them, so they run in a worker.

What only some key needs is imported when it is pressed: the first picture does not wait for it.
"""

from typing import Any

from textual.app import App

from store.models import Job
from tui import run_actions
from tui.overview import EnvironmentGlance, Overview, Place
from tui.plan_request import PlanPlace, PlanRequest
from tui.services import Services


async def start_a_job(app: App[Any], services: Services, overview: Overview, place: Place) -> None:
    """Lets the person choose a job of the place, or of all where it has none, and starts it."""
    if run_actions.refused(app, services):
        return
    from tui.screens.new_run import NewRunScreen

    choice = await app.push_screen_wait(NewRunScreen(overview.jobs_within(place) or overview.jobs))
    if choice is None:
        return
    state = _state_of(overview, choice.job)
    environment = state.environment if state is not None else None
    if choice.in_part and state is not None:
        from tui.screens.scope import JobPlace, ScopeScreen

        page = ScopeScreen(services, JobPlace(choice.job, state.tool, environment))
        app.open_page(page)  # type: ignore[attr-defined]
        return
    run = await run_actions.start_job(app, services, choice.job, environment)
    if run is not None:
        app.open_run(run.id)  # type: ignore[attr-defined]


async def ask_for_plan(app: App[Any], services: Services, overview: Overview, chosen: PlanPlace | None) -> None:
    """Asks what to plan, and how; shows the plan."""
    if run_actions.refused(app, services):
        return
    from tui.screens.new_plan import NewPlanScreen

    places = [PlanPlace(each.environment, each.tool) for each in overview.environments]
    projects = sorted({(place.environment.project, place.tool) for place in places})
    request = await app.push_screen_wait(NewPlanScreen(places, projects, chosen))
    if request is not None:
        await show_plan(app, services, request)


async def show_plan(app: App[Any], services: Services, request: PlanRequest) -> None:
    """Has a plan made, and opens the page of its run."""
    from tui import plan_actions

    run = await plan_actions.make_plan(app, services, request.environment, request.options)
    if run is not None:
        app.open_run(run.id)  # type: ignore[attr-defined]


async def refresh_environments(app: App[Any], services: Services, project: str | None) -> None:
    """Has SQLMesh asked for the state of a project's environments, or of all."""
    from tui import plan_actions

    await plan_actions.refresh_environments(app, services, project)


def _state_of(overview: Overview, job: Job) -> EnvironmentGlance | None:
    states = overview.within(Place(job.project, job.environment))
    return states[0] if states else None
