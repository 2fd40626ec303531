"""What differs from an earlier run to a later one, as JSON."""

from collections.abc import Mapping
from typing import Any

from store.changes import VersionChanges
from store.clock import to_iso
from store.models import Run


def changes_json(run: Run, changed: VersionChanges | None, names: Mapping[str, str]) -> dict[str, Any]:
    """All that differs, under the names that people use; of a run without an earlier one, that there is nothing."""
    if changed is None:
        return {"run": run.id, "since": None, "changes": []}
    return {
        "run": run.id,
        "since": changed.run,
        "version": run.version,
        "since_version": changed.version,
        "changes": [
            {
                "model": names.get(each.model, each.model),
                "change": each.change,
                "causes": [names.get(cause, cause) for cause in changed.causes.get(each.model, ())],
                "diff": each.diff,
            }
            for each in changed.models
        ],
        **{
            kind: [
                {"sha": each.sha, "author": each.author, "at": to_iso(each.at), "subject": each.subject}
                for each in commits
            ]
            for kind, commits in (("commits", changed.commits), ("undone", changed.undone))
        },
        "files": [each.model_dump() for each in changed.files],
        "configuration": [each.model_dump() for each in changed.configuration],
        "settings": [each.model_dump() for each in changed.settings],
        "packages": [each.model_dump() for each in changed.packages],
    }
