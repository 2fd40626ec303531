"""What a bundle says first: the page for those who open it, and the short form that goes into a ticket. Pure."""

import shlex
from collections.abc import Iterator
from datetime import UTC

from store.bundle.markdown import block, code, table, words
from store.bundle.material import Material
from store.causes import Cause
from store.fingerprints import SHORT_LENGTH
from store.lineage.causes import RootCause
from store.models import Run
from store.run_failures import headline
from store.wording import Tally, audit_tally, counted, date_and_time, duration, model_tally, said_tally

_MOST_ROOTS = 5
_MOST_NAMES = 6


def title(run: Run) -> str:
    """`Run 127 nightly · flights/prod: failed`."""
    return f"Run {run.id} {run.name} · {run.project}/{run.environment}: {run.status}"


def short_form(material: Material) -> list[str]:
    """At most 15 lines of Markdown: what failed, why, since when, and where to look on."""
    run = material.record.run
    lines = [f"**{words(title(run))}**", "", _when(material), ""]
    lines += [f"- {_root_line(root, material)}" for root in material.roots.roots[:_MOST_ROOTS]]
    if (more := len(material.roots.roots) - _MOST_ROOTS) > 0:
        lines.append(f"- and {more} more")
    if not material.roots.roots and (told := headline(material.record)) is not None:
        lines.append(f"- {words(told.what)}{f': {code(told.why)}' if told.why else ''}")
    if material.record.changes:
        lines.append(f"- {_changed(material)}")
    return [*lines, "", f"`runroom show {run.id}` has all of it."]


def summary(material: Material) -> list[str]:
    """The page in full."""
    run = material.record.run
    lines = [f"# {words(title(run))}", "", _when(material), "", *table(("", ""), list(_facts(material)))]
    lines += _section("What failed", list(_failed(material)))
    lines += _section("What that took down", list(_took_down(material)))
    lines += _section("What changed", [_changed(material)] if material.record.changes else [])
    lines += _section("Steps", _steps(material))
    lines += _section("Notices", [f"- {notice.level}: {words(notice.text)}" for notice in material.record.notices])
    lines += _section("Versions", [f"- {name}: {code(value)}" for name, value in material.versions.items()])
    lines += _section("Environment", list(_environment(material)))
    return lines


def _section(heading: str, lines: list[str]) -> list[str]:
    return ["", f"## {heading}", "", *lines] if lines else []


def _when(material: Material) -> str:
    run = material.record.run
    begun = f"{date_and_time(run.started_at or run.created_at, UTC)} UTC"
    took = (
        f", {'so far ' if run.is_active else ''}{duration(seconds)}"
        if (seconds := run.duration_s(material.now))
        else ""
    )
    by = f" by {words(run.author)}" if run.author else ""
    code_of = f", {code('@'.join(filter(None, (run.branch, (run.commit or '')[:10]))))}" if run.commit else ""
    return f"{begun}{took}, {run.trigger.replace('_', ' ')}{by}{code_of}, {run.tool} {run.tool_version or ''}".rstrip()


def _root_line(root: RootCause, material: Material) -> str:
    kind = "" if root.kind == "model" else "audit "
    why = f": {code(root.why)}" if root.why else ""
    fallen = f"; took down {root.sentence()}" if root.took_down else ""
    return f"{kind}{code(root.name)}{why}{fallen}{_seen(material.causes_of.get(root.node), material.record.run)}"


def _seen(cause: Cause | None, run: Run) -> str:
    if cause is None:
        return ""
    if cause.first.run_id == run.id:
        return "; never seen before"
    since = f"{date_and_time(cause.first.at, UTC)} UTC"
    return f"; first seen in run {cause.first.run_id} ({since}), {counted(cause.runs, 'run')}"


def _facts(material: Material) -> Iterator[tuple[str, str]]:
    run = material.record.run
    yield "status", str(run.status)
    if run.status_reason:
        yield "reason", words(run.status_reason)
    yield "models", _tally(model_tally(run.counts))
    yield "audits", _tally(audit_tally(run.counts))
    if material.record.causes:
        failed = sum(cause.count for cause in material.record.causes)
        yield "failures", f"{counted(failed, 'failure')} = {counted(len(material.record.causes), 'cause')}"
    if run.job is not None:
        yield "job", words(run.job)
    if run.host is not None:
        yield "host", words(run.host)


def _failed(material: Material) -> Iterator[str]:
    if material.roots.roots:
        yield f"{material.roots.sentence()}. The errors are in `errors/`, the SQL in `sql/`, the logs in `logs/`."
    elif (told := headline(material.record)) is not None:
        yield f"{words(told.what)}{f': {code(told.why)}' if told.why else ''}"
    for root in material.roots.roots:
        yield ""
        yield f"### {'Model' if root.kind == 'model' else 'Audit'} {words(root.name)}"
        yield ""
        if (cause := material.causes_of.get(root.node)) is not None:
            yield f"Cause `{cause.key[:SHORT_LENGTH]}` ({code(cause.pattern)}){_seen(cause, material.record.run)}."
            yield ""
        if root.error:
            yield from block(root.error)


def _took_down(material: Material) -> Iterator[str]:
    for root in material.roots.roots:
        if root.took_down:
            names = ", ".join(
                f"{'' if each.kind == 'model' else f'{each.kind} '}{code(each.name)}" for each in root.took_down
            )
            yield f"- {code(root.name)}: {names}"


def _changed(material: Material) -> str:
    record = material.record
    names = [code(record.name_of(change.model)) for change in record.changes]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    since = f" since run {record.previous}" if record.previous is not None else ""
    return f"changed{since}: {', '.join(names[:_MOST_NAMES])}{more}"


def _steps(material: Material) -> list[str]:
    rows = [
        (
            words(step["name"]),
            str(step["status"]),
            "" if step["exit_code"] is None else str(step["exit_code"]),
            duration(step["duration_s"]),
            code(shlex.join(step["command"])) if step["command"] else "",
        )
        for step in material.whole["steps"]
    ]
    return table(("step", "status", "exit code", "took", "command"), rows) if rows else []


def _environment(material: Material) -> Iterator[str]:
    environment, request = material.environment, material.request
    if environment is not None:
        yield f"- type: {environment.type}"
        if environment.target is not None:
            yield f"- target: {code(environment.target)}"
    if request is not None:
        yield f"- project: {code(request.project_path)}"
        yield f"- interpreter: {code(request.python)}"
        yield f"- asked for: {code(' → '.join(request.steps))}"
        if options := request.options.model_dump_json(exclude_defaults=True).strip("{}"):
            yield f"- options: {code(options)}"
    if material.variables:
        yield f"- variables that are set now: {', '.join(map(code, material.variables))}"


def _tally(tally: Tally) -> str:
    return "  ".join(said for _, said in said_tally(tally)) or "none"
