"""Speaks to a running engine: one method an endpoint, every failure a typed error with one sentence."""

import os
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Self, TypeVar
from urllib.parse import quote

import aiohttp
from pydantic import BaseModel, ValidationError

from engine.errors import EngineUnavailable, RunroomError, UsageError
from engine.protocol import (
    CancelRun,
    Change,
    CreateToken,
    Deed,
    DeedName,
    Hello,
    ListedToken,
    PauseAnswer,
    PauseJob,
    PinJob,
    PinnedJob,
    Problem,
    Refreshed,
    RefreshEnvironments,
    RenameRun,
    RepairRun,
    RerunPreview,
    RerunRun,
    Restored,
    RestorePreview,
    RestoreRun,
    ResumeJob,
    RunAnswer,
    StartPreview,
    StartRun,
    TestedNotifications,
    TestNotifications,
    TokenCreated,
    TokenList,
)
from engine.socket_path import connecting_address
from store.models import JobPause, Run
from store.paths import WorkspacePaths

Answer = TypeVar("Answer", bound=BaseModel)

# Reading the environments of a large SQLMesh project takes its time.
_REQUEST_LIMIT_S = 180.0
# The stream says at least an empty line every 15 seconds; a silence of three means that nobody is there.
_STREAM_SILENCE_S = 45.0


class EngineNotRunning(EngineUnavailable):
    """Nothing listens on the workspace's socket."""


class EngineClient:
    """A connection to the engine of one workspace; use it as an asynchronous context manager.

    Every method raises EngineNotRunning where nobody listens, EngineUnavailable when the answer breaks off,
    UsageError for a request that cannot be, and RunroomError for anything that went wrong inside the engine.
    """

    def __init__(self, paths: WorkspacePaths) -> None:
        self._log = paths.engine_log
        connector = aiohttp.UnixConnector(str(connecting_address(paths.socket)))
        self._session = aiohttp.ClientSession(
            base_url="http://engine", connector=connector, timeout=aiohttp.ClientTimeout(total=_REQUEST_LIMIT_S)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection; the engine stays."""
        await self._session.close()

    async def hello(self) -> Hello:
        """Asks who answers."""
        return await self._ask("GET", "/v1/hello", Hello)

    async def start_run(self, wanted: StartRun) -> Run:
        """Starts a run; its tool gets this process's environment variables unless the request brings others."""
        if wanted.process_environment is None:
            wanted = wanted.model_copy(update={"process_environment": dict(os.environ)})
        return (await self._ask("POST", "/v1/runs", RunAnswer, wanted)).run

    async def preview_start(self, wanted: StartRun) -> StartPreview:
        """What a run would execute; nothing is done."""
        return await self._ask("POST", "/v1/runs/preview", StartPreview, wanted)

    async def rerun(self, run_id: int, wanted: RerunRun) -> Run:
        """Runs it again, with this process's environment variables unless the request brings others."""
        if wanted.process_environment is None:
            wanted = wanted.model_copy(update={"process_environment": dict(os.environ)})
        return (await self._ask("POST", f"/v1/runs/{run_id}/rerun", RunAnswer, wanted)).run

    async def preview_rerun(self, run_id: int, wanted: RerunRun) -> RerunPreview:
        """What running it again would do; nothing is done."""
        return await self._ask("POST", f"/v1/runs/{run_id}/rerun/preview", RerunPreview, wanted)

    async def preview_restore(self, run_id: int, wanted: RestoreRun) -> RestorePreview:
        """What putting its files back would change; nothing is changed."""
        return await self._ask("POST", f"/v1/runs/{run_id}/restore/preview", RestorePreview, wanted)

    async def restore(self, run_id: int, wanted: RestoreRun) -> Restored:
        """Puts the files of the run back, as its preview said it."""
        return await self._ask("POST", f"/v1/runs/{run_id}/restore", Restored, wanted)

    async def pin_job(self, run_id: int, wanted: PinJob) -> PinnedJob:
        """Writes a job that always runs the version of this run."""
        return await self._ask("POST", f"/v1/runs/{run_id}/job", PinnedJob, wanted)

    async def cancel(self, run_id: int, author: str | None = None) -> Run:
        """Asks for a stop; the run says `stopping` until it has."""
        return (await self._ask("POST", f"/v1/runs/{run_id}/cancel", RunAnswer, CancelRun(author=author))).run

    async def repair(self, run_id: int, wanted: RepairRun) -> Run:
        """Loads again what the run left half-written, with this process's environment variables."""
        if wanted.process_environment is None:
            wanted = wanted.model_copy(update={"process_environment": dict(os.environ)})
        return (await self._ask("POST", f"/v1/runs/{run_id}/repair", RunAnswer, wanted)).run

    async def refresh_environments(self, project: str | None = None) -> Refreshed:
        """Has the SQLMesh projects' environments read again, one's or all; takes seconds."""
        return await self._ask("POST", "/v1/environments/refresh", Refreshed, RefreshEnvironments(project=project))

    async def pause_job(self, wanted: PauseJob) -> JobPause:
        """Keeps a job from starting by itself."""
        return (await self._ask("POST", "/v1/jobs/pause", PauseAnswer, wanted)).pause

    async def resume_job(self, wanted: ResumeJob) -> JobPause:
        """Lets a paused job start by itself again; gives the pause that ended."""
        return (await self._ask("POST", "/v1/jobs/resume", PauseAnswer, wanted)).pause

    async def test_notifications(self, channel: str | None = None) -> dict[str, str | None]:
        """Has a test message sent; by channel why it did not arrive, None where it did."""
        wanted = TestNotifications(channel=channel)
        return (await self._ask("POST", "/v1/notifications/test", TestedNotifications, wanted)).problems

    async def rename(self, run_id: int, name: str, author: str | None = None) -> Run:
        """Gives a run another name."""
        return (await self._ask("PATCH", f"/v1/runs/{run_id}", RunAnswer, RenameRun(name=name, author=author))).run

    async def triage(self, run_id: int, deed: DeedName, author: str | None = None, note: str | None = None) -> Run:
        """Acknowledges that a run failed, puts it into the archive, brings it back; gives the run as it is then."""
        wanted = Deed(author=author, note=note)
        return (await self._ask("POST", f"/v1/runs/{run_id}/{deed}", RunAnswer, wanted)).run

    async def delete(self, run_id: int, author: str | None = None) -> None:
        """Forgets a run that is over, and its files; until the engine goes `triage(…, "undelete")` brings it back."""
        await self._ask("DELETE", f"/v1/runs/{run_id}", _Nothing, Deed(author=author))

    async def create_token(self, wanted: CreateToken) -> TokenCreated:
        """Has a token made for the API over TCP; this answer alone tells it."""
        return await self._ask("POST", "/v1/tokens", TokenCreated, wanted)

    async def tokens(self) -> tuple[ListedToken, ...]:
        """The tokens that open something."""
        return (await self._ask("GET", "/v1/tokens", TokenList)).tokens

    async def revoke_token(self, name: str, author: str | None = None) -> ListedToken:
        """The token opens nothing from now on; gives it as it was."""
        return await self._ask("DELETE", f"/v1/tokens/{quote(name, safe='')}", ListedToken, Deed(author=author))

    async def reload(self) -> Hello:
        """Has the configuration read again."""
        return await self._ask("POST", "/v1/reload", Hello)

    async def stop(self) -> None:
        """Asks the engine to go; the workers of its runs go on."""
        await self._ask("POST", "/v1/stop", _Nothing)

    async def changes(self, since: int) -> AsyncGenerator[Change, None]:
        """What changed after the change number `since`, then every change as it comes; ends with the engine."""
        limits = aiohttp.ClientTimeout(total=None, sock_read=_STREAM_SILENCE_S)
        try:
            async with self._session.get("/v1/changes", params={"since": since}, timeout=limits) as response:
                await _refuse_problem(response)
                async for line in _lines(response.content):
                    yield Change.model_validate_json(line)
        except (aiohttp.ClientError, OSError) as error:
            raise self._unavailable(error) from error

    async def _ask(self, method: str, path: str, kind: type[Answer], body: BaseModel | None = None) -> Answer:
        content = body.model_dump_json(exclude_none=True) if body is not None else None
        try:
            async with self._session.request(method, path, data=content) as response:
                await _refuse_problem(response)
                return kind.model_validate_json(await response.read())
        except (aiohttp.ClientError, OSError) as error:
            raise self._unavailable(error) from error
        except ValidationError as error:
            raise EngineUnavailable(
                f"The engine answered {method} {path} with something that this Runroom does not understand; "
                'end it with "runroom engine stop" and try again.'
            ) from error

    def _unavailable(self, error: Exception) -> EngineUnavailable:
        if isinstance(error, aiohttp.ClientConnectorError | FileNotFoundError | ConnectionRefusedError):
            return EngineNotRunning("The engine of this workspace is not running.")
        if isinstance(error, TimeoutError):
            return EngineUnavailable(f"The engine does not answer; its log is {self._log}.")
        return EngineUnavailable(f"The engine broke off its answer; its log is {self._log}.")


class _Nothing(BaseModel):
    """An answer that says no more than that it was done."""


async def _refuse_problem(response: aiohttp.ClientResponse) -> None:
    if response.ok:
        return
    text = await response.text()
    try:
        problem = Problem.model_validate_json(text)
    except ValidationError:
        raise RunroomError(f"The engine answered {response.status} {response.reason}.") from None
    raise UsageError(problem.error) if problem.exit_code == UsageError.exit_code else RunroomError(problem.error)


async def _lines(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """The lines that are not empty, however long: aiohttp's own reader gives up on long ones."""
    pending = b""
    async for chunk in content.iter_any():
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            if line.strip():
                yield line
