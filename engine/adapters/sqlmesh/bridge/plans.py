"""The commands plan and diff."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import argparse
import inspect
import logging
from collections.abc import Collection
from typing import Any

from .difference import Difference
from .opening import open_project
from .reads import tell_environment_after
from .session import Session
from .values import EXIT_FAILED, Outcome, Refused, Span, error_sentence, overlap, sqlmesh

log = logging.getLogger("runroom.bridge")


PLAN_OPTIONS = (
    *("start", "end", "execution_time", "create_from", "restate_models", "select_models", "backfill_models"),
    *("forward_only", "effective_from", "include_unmodified", "no_gaps", "skip_backfill", "empty_backfill"),
    *("allow_destructive_models", "enable_preview", "run", "skip_linter"),
)


def plan_arguments(options: argparse.Namespace, accepted: Collection[str]) -> dict[str, Any]:
    """Only what was asked for, by the names of SQLMesh. Raises Refused for what this version does not have."""
    given = {name: getattr(options, name, None) for name in PLAN_OPTIONS}
    given = {name: value for name, value in given.items() if value not in (None, False, [])}
    unknown = [name for name in given if name not in accepted]
    if unknown:
        raise Refused(f"This version of SQLMesh cannot plan with {', '.join(unknown)}.")
    return given


def build_plan(session: Session, **more: Any) -> Any:
    """The plan, with the categories that were chosen. Raises Refused with what SQLMesh objects to."""
    context, options = session.context, session.options
    accepted = inspect.signature(context.plan_builder).parameters
    arguments = {**plan_arguments(options, accepted), **more}
    try:
        builder = context.plan_builder(session.environment_name(), skip_tests=True, **arguments)
        plan = builder.build()
        chosen = getattr(options, "categories", {})
        refuse_unknown_models(chosen, plan)
        categories = sqlmesh("core.snapshot.definition").SnapshotChangeCategory
        for snapshot in plan.uncategorized:
            choice = chosen.get(snapshot.name) or chosen.get(snapshot.node.name) or chosen.get("*")
            if choice:
                builder.set_choice(snapshot, categories[choice.upper()])
        return builder.build()
    except sqlmesh("utils.errors").SQLMeshError as error:
        log.exception("the plan cannot be built")
        raise Refused(error_sentence(error)) from error


def refuse_unknown_models(chosen: Collection[str], plan: Any) -> None:
    """A category for a model that is not there was meant for another. Raises Refused."""
    known = {name for snapshot in plan.snapshots.values() for name in (snapshot.name, snapshot.node.name)}
    unknown = [name for name in chosen if name != "*" and name not in known]
    if unknown:
        raise Refused(f"The project has no model {', '.join(unknown)} that could have a category.")


def tell_plan(session: Session, plan: Any) -> dict[str, Any]:
    difference = Difference(plan)
    changes, backfills = difference.changes(), difference.backfills()
    for change in changes:
        session.emitter.emit("change", **change)
    for backfill in backfills:
        session.emitter.emit("backfill", **backfill)
    summary = difference.summary(changes, backfills)
    summary["restatement_dropped"] = bool(session.options.restate_models) and not plan.restatements
    session.emitter.emit("plan", **summary)
    return summary


def refuse_dropped_restatement(session: Session) -> None:
    """SQLMesh only warns where it leaves out all that was to be loaded again. Raises Refused, with its reason."""
    asked = ", ".join(session.options.restate_models)
    told = [text.strip() for text in session.warnings if text.startswith("Cannot restate")]
    reason = " ".join(dict.fromkeys(told)) or "SQLMesh leaves it out of the plan, as it does with seeds."
    raise Refused(f"Nothing of {asked} would be loaded again. {reason}")


def command_plan(session: Session) -> Outcome:
    """Shows what a plan would do; with `--apply` does it, when it still is what was shown."""
    options = session.options
    context = open_project(session, load=True)
    session.tell_local_graph()
    passed = options.skip_tests or bool(context.test().wasSuccessful())
    plan = build_plan(session)
    summary = tell_plan(session, plan)
    if not passed:
        return Outcome("failed", "Unit tests failed, so the plan cannot be applied.", EXIT_FAILED)
    if summary["restatement_dropped"]:
        refuse_dropped_restatement(session)
    if not options.apply:
        return Outcome("planned")
    if options.expect and options.expect != summary["fingerprint"]:
        raise Refused("The plan is no longer the one that was shown: look at it again.")
    if summary["uncategorised"]:
        names = ", ".join(summary["uncategorised"])
        raise Refused(f"These changes need a category before they are applied: {names}.")
    if summary["nothing_to_do"]:
        return Outcome("nothing_to_do", f"Environment {summary['environment']} is up to date.")
    return apply_plan(session, plan)


def restated_spans(plan: Any) -> dict[str, list[Span]]:
    """By model, what the plan restates of what is loaded now."""
    restated = {}
    for snapshot_id, span in plan.restatements.items():
        snapshot = plan.snapshots[snapshot_id]
        is_deployable = plan.deployability_index.is_deployable(snapshot)
        restated[snapshot.name] = overlap(span, snapshot.intervals if is_deployable else snapshot.dev_intervals)
    return restated


def apply_plan(session: Session, plan: Any) -> Outcome:
    session.progress.know(plan.snapshots.values())
    session.restated = restated_spans(plan)
    session.cancellation.writing = True
    try:
        session.context.apply(plan, circuit_breaker=session.cancellation.check)
    except sqlmesh("utils.errors").PlanError as error:
        if session.cancellation.requested:
            raise
        log.info("the plan failed: %s", error)
        tell_environment_after(session)
        return session.progress.failure() or Outcome("failed", error_sentence(error), EXIT_FAILED)
    tell_environment_after(session)
    return Outcome("completed")


def command_diff(session: Session) -> Outcome:
    """What a plan would change, without unit tests and linter."""
    open_project(session, load=True)
    tell_plan(session, build_plan(session, skip_linter=True))
    return Outcome("completed")
