"""The commands that only read: metadata and render."""

from __future__ import annotations  # the project's Python may be as old as 3.9

from typing import Any

from .describe import environment_json, intervals_json
from .opening import open_project
from .session import Session
from .values import Outcome, Refused, error_text, sqlmesh, utc_now


def state_exists(context: Any) -> bool:
    """Whether the project has a state already; reading it through the context would create one.

    Raises what the database raises when it cannot be reached: SQLMesh alone takes that for a state that is empty.
    """
    new_state_sync = getattr(context, "_new_state_sync", None)
    if new_state_sync is None:
        return True
    state_sync = new_state_sync()
    adapter = getattr(state_sync, "engine_adapter", None)
    if adapter is not None:
        adapter.ping()
    return bool(state_sync.get_versions(validate=False).schema_version)


def command_metadata(session: Session) -> Outcome:
    """The models, the environments, and for each of their models what is loaded and what is missing."""
    options = session.options
    context = open_project(session, load=not options.state_only)
    if not options.state_only:
        session.tell_local_graph()
        if options.lineage:
            tell_lineage(session)
    if not state_exists(context):
        return Outcome("completed", "The project has no environments yet.")
    environments = context.state_reader.get_environments()
    production = next((each for each in environments if each.name == "prod"), None)
    chosen = [session.environment()] if options.environment else environments
    for environment in chosen:
        session.emitter.emit("environment", **environment_json(environment, production))
        tell_intervals(session, environment)
    return Outcome("completed")


def tell_environment_after(session: Session) -> None:
    """After a command that wrote: what its environment is now. A problem here does not undo the command's success."""
    reader = session.context.state_reader
    try:
        environment = reader.get_environment(session.environment_name())
        if environment is None:
            return
        production = environment if environment.name == "prod" else reader.get_environment("prod")
        session.emitter.emit("environment", **environment_json(environment, production))
        tell_intervals(session, environment)
    except Exception as error:  # noqa: BLE001 whatever a state engine raises
        session.emitter.notice("warning", f"The environment could not be read afterwards: {error_text(error)}")


def tell_lineage(session: Session) -> None:
    """Column-level lineage, for models whose query can be rendered."""
    dependencies = sqlmesh("core.lineage").column_dependencies
    for model in session.context.models.values():
        if not model.is_sql:
            continue
        columns: dict[str, list[dict[str, str]]] = {}
        for column in model.columns_to_types or {}:
            try:
                found = dependencies(session.context, model.name, column)
            except Exception as error:  # noqa: BLE001 one query that cannot be traced must not hide the others
                session.emitter.notice("warning", f"No lineage: {error_text(error)}", model=model.fqn)
                break
            columns[column] = [{"model": up, "column": name} for up in sorted(found) for name in sorted(found[up])]
        session.emitter.emit("lineage", model=model.fqn, name=model.name, columns=columns)


def tell_intervals(session: Session, environment: Any) -> None:
    definition = sqlmesh("core.snapshot.definition")
    snapshots = session.context.state_reader.get_snapshots(environment.snapshots)
    index_class = definition.DeployabilityIndex
    is_production = environment.name == "prod"
    index = index_class.all_deployable() if is_production else index_class.create(snapshots.values())
    missing = definition.missing_intervals(snapshots.values(), deployability_index=index)
    missing_by_name = {snapshot.name: spans for snapshot, spans in missing.items()}
    promoted = {snapshot.name for snapshot in environment.promoted_snapshots}
    now = utc_now()
    for snapshot in snapshots.values():
        if not snapshot.is_model:
            continue  # an audit that stands alone
        loaded = snapshot.intervals if index.is_representative(snapshot) else snapshot.dev_intervals
        session.emitter.emit(
            "intervals",
            environment=environment.name,
            promoted=snapshot.name in promoted,
            **intervals_json(snapshot, loaded, missing_by_name.get(snapshot.name, []), now),
        )


def command_render(session: Session) -> Outcome:
    """One model's definition, and its query for an interval where it has one."""
    options = session.options
    context = open_project(session, load=True)
    model = context.get_model(options.model)
    if model is None:
        raise Refused(f"The project has no model {options.model}.")
    query = None
    if model.is_sql:
        rendered = context.render(model, start=options.start, end=options.end, execution_time=options.execution_time)
        query = rendered.sql(dialect=model.dialect, pretty=True)
    definition = "\n\n".join(part.sql(dialect=model.dialect, pretty=True) for part in model.render_definition())
    session.emitter.emit(
        "render", model=model.fqn, name=model.name, dialect=model.dialect, query=query, definition=definition
    )
    return Outcome("completed")
