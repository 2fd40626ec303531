"""The tables of `runroom.toml` and of the user's own file, as they may be written."""

import shlex
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from engine.api.settings import Provider
from engine.configuration.durations import parse_duration
from engine.configuration.names import check_name
from store.models import EnvironmentType, JobType, MissedPolicy, Outcome, RetryScope, RunKind, Tool
from store.notifications import Occasion


def _check_reference(text: str) -> str:
    for part in text.split("/", 1):
        check_name(part)
    return text


def _check_duration(text: str) -> str:
    parse_duration(text)
    return text


def _check_cron(expression: str) -> str:
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError  # Only schedules need it.

    try:
        CronSim(expression, datetime.now(UTC))
    except CronSimError as error:
        raise ValueError(f'"{expression}" is not a cron schedule ({error}); write it like "0 3 * * *"') from error
    return expression


def _check_step(step: str) -> str:
    try:
        words = shlex.split(step)
    except ValueError as error:
        raise ValueError(f'the step "{step}" cannot be split into words ({error})') from error
    if not words:
        raise ValueError("a step is empty")
    return step


Name = Annotated[str, AfterValidator(check_name)]
Reference = Annotated[str, AfterValidator(_check_reference)]
DurationText = Annotated[str, AfterValidator(_check_duration)]


def _check_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{name}" is no time zone; one looks like "Europe/Berlin".') from None
    return name


def _step_table(value: Any) -> Any:
    return {"run": value} if isinstance(value, str) else value


def _after_table(value: Any) -> Any:
    return {"job": value} if isinstance(value, str) else value


Timezone = Annotated[str, AfterValidator(_check_timezone)]

Cron = Annotated[str, AfterValidator(_check_cron)]
StepText = Annotated[str, AfterValidator(_check_step)]


class Table(BaseModel):
    """Base of the tables: no key that is not known, no value of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class UserTable(Table):
    """A user's own file: what one likes in every workspace."""

    max_concurrent_runs: int | None = Field(default=None, ge=1, le=100)
    cancel_grace: DurationText | None = None
    author: str | None = Field(default=None, min_length=1)
    keys: dict[str, Any] = Field(default_factory=dict)
    """The app's matter alone: see `keys`."""


class WorkspaceTable(Table):
    """`[workspace]`."""

    name: str | None = Field(default=None, min_length=1)
    max_concurrent_runs: int | None = Field(default=None, ge=1, le=100)
    cancel_grace: DurationText | None = None


class ProjectTable(Table):
    """`[projects.NAME]`. Paths count from the file's folder; with `git`, `path` counts from the repository's."""

    tool: Tool
    path: str | None = Field(default=None, min_length=1)
    git: str | None = Field(default=None, min_length=1)
    poll: DurationText | None = None
    forks: bool = False
    """Whether polling starts requests from forks, too: whoever can open one then runs code here."""
    python: str | None = Field(default=None, min_length=1)


class EnvironmentTable(Table):
    """`[environments.NAME]` or `[environments."PROJECT/NAME"]`."""

    project: Name | None = None
    target: str | None = Field(default=None, min_length=1)
    type: EnvironmentType | None = None
    branch: str | None = Field(default=None, min_length=1)
    gateway: str | None = Field(default=None, min_length=1)
    variables: dict[str, Any] = Field(default_factory=dict)
    max_concurrent_runs: int = Field(default=1, ge=1, le=100)


class StepTable(Table):
    """A step of a job: `"build"`, or `{ run = "build", timeout = "1h" }`."""

    run: StepText
    timeout: DurationText | None = None


class AfterTable(Table):
    """Another job after which one starts: `"ingest"`, or `{ job = "ingest", on = "failure" }`."""

    job: Reference
    on: Outcome = "success"


class JobTable(Table):
    """`[jobs.NAME]` or `[jobs."PROJECT/NAME"]`."""

    project: Name | None = None
    environment: Reference
    kind: RunKind | None = None
    type: JobType = "deploy"
    steps: list[Annotated[StepTable, BeforeValidator(_step_table)]] = Field(min_length=1)
    schedule: Cron | None = None
    timezone: Timezone | None = None
    every: DurationText | None = None
    missed: MissedPolicy = "skip"
    after: list[Annotated[AfterTable, BeforeValidator(_after_table)]] = Field(default_factory=list)
    timeout: DurationText | None = None
    retries: int = Field(default=0, ge=0, le=10)
    retry: RetryScope = "all"
    retry_delay: DurationText = "1m"
    retry_backoff: float = Field(default=2, ge=1, le=10)
    priority: int = Field(default=0, ge=-100, le=100)
    version: str | None = Field(default=None, pattern=r"^[0-9a-f]{7,64}$")
    """The recorded version of the project that it always runs."""


class NotificationTable(Table):
    """`[notifications.NAME]`: where messages go. `on` says of what, everything without it."""

    on: list[Occasion] = Field(default_factory=list)
    url: str | None = Field(default=None, min_length=1)
    webhook: str | None = Field(default=None, pattern=r"^(https?://|\$)")
    command: list[str] = Field(default_factory=list)
    jobs: list[Reference] = Field(default_factory=list)
    environments: list[Reference] = Field(default_factory=list)
    quiet_hours: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
    timezone: Timezone | None = None


class ApiTable(Table):
    """`[api]`: HTTP over TCP, off without `listen`. `rate_limit` is requests a minute and token, `max_body` bytes."""

    listen: str | None = Field(default=None, min_length=1)
    certificate: str | None = Field(default=None, min_length=1)
    key: str | None = Field(default=None, min_length=1)
    behind_proxy: bool = False
    rate_limit: int = Field(default=120, ge=1, le=100_000)
    max_body: int = Field(default=1_000_000, ge=1_000, le=100_000_000)


class WebhookTable(Table):
    """`[webhooks.NAME]`: a forge that tells of pushes and requests to a project."""

    provider: Provider
    secret_env: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    project: Name | None = None
    forks: bool = False
    """Whether requests from forks run, too: whoever can open one then runs code here."""


class ConfigurationTable(Table):
    """The whole of `runroom.toml`."""

    workspace: WorkspaceTable = WorkspaceTable()
    projects: dict[Name, ProjectTable] = Field(default_factory=dict)
    environments: dict[Reference, EnvironmentTable] = Field(default_factory=dict)
    jobs: dict[Reference, JobTable] = Field(default_factory=dict)
    notifications: dict[Name, NotificationTable] = Field(default_factory=dict)
    api: ApiTable = ApiTable()
    webhooks: dict[Name, WebhookTable] = Field(default_factory=dict)
    keys: dict[str, Any] = Field(default_factory=dict)
    """The app's matter alone: see `keys`."""
