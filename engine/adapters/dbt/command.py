"""How dbt is started: in the project's interpreter through the shim, or as the `dbt` that stands beside it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from engine.adapters.base import StepContext, ToolCommand

SHIM = Path(__file__).with_name("shim.py")


def shim_command(context: StepContext, arguments: Sequence[str], profiles: Path | None) -> ToolCommand:
    """dbt through its own Python interface. The console is silent: the shim sends what dbt would print."""
    return ToolCommand(
        arguments=(
            *(context.request.python, str(SHIM), "--events", "{events}", "--control", "{control}", "--"),
            *in_project(context, arguments),
        ),
        folder=working_folder(context),
        environment=_environment(context, profiles) | {"DBT_LOG_LEVEL": "none"},
        cancel_by_control=True,
    )


def plain_command(
    context: StepContext, executable: str, arguments: Sequence[str], profiles: Path | None
) -> ToolCommand:
    """dbt as a command of its own that logs JSON to its standard output."""
    return ToolCommand(
        arguments=(executable, *in_project(context, arguments), "--log-format", "json", "--log-level", "debug"),
        folder=working_folder(context),
        environment=_environment(context, profiles),
    )


def find_executable(python: str, search_path: str | None) -> str | None:
    """The `dbt` of the environment that this interpreter belongs to, else the one on the search path."""
    beside = Path(python).parent / "dbt"
    return str(beside) if beside.is_file() else shutil.which("dbt", path=search_path)


def working_folder(context: StepContext) -> Path:
    """Where dbt is started: relative paths in profiles (DuckDB files, say) count from the project's own folder."""
    own = Path(context.request.project_path)
    return own if own.is_dir() else context.project_folder


def in_project(context: StepContext, arguments: Sequence[str]) -> list[str]:
    """The arguments, with the project's folder where dbt is started in another one."""
    if context.project_folder == working_folder(context):
        return list(arguments)
    return [*arguments, "--project-dir", str(context.project_folder)]


def _environment(context: StepContext, profiles: Path | None) -> dict[str, str]:
    target = str(context.paths.target)
    found = {
        "DBT_TARGET_PATH": target,
        "DBT_LOG_PATH": target,
        # What dbt logs goes through the worker, which takes secrets out; a file of its own would keep them.
        "DBT_LOG_LEVEL_FILE": "none",
        "DBT_USE_COLORS": "false",
        "DBT_USE_COLORS_FILE": "false",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONUNBUFFERED": "1",
    }
    if context.request.defer_to is not None:
        found |= {"DBT_DEFER": "true", "DBT_STATE": context.request.defer_to}
    return found if profiles is None else found | {"DBT_PROFILES_DIR": str(profiles)}
