"""`runroom notifications`: where messages go, what went out, and whether it arrives."""

import asyncio
from typing import Annotated

import typer

from store.clock import system_clock
from store.errors import StoreMissing
from store.notifications import MOST_ATTEMPTS, Notification, notification_json
from store.paths import WorkspacePaths
from store.wording import date_and_time
from tui.command_line.output import say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.shared import Command, JsonOption, workspace_paths

notifications = typer.Typer(
    help="Say what people were told; test how they are told.", invoke_without_command=True, rich_markup_mode=None
)
_HEADS = ("sent", "channel", "about", "run", "message")


@notifications.callback()
def listed(
    context: typer.Context,
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=10_000, help="How many at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the last messages."""
    if context.invoked_subcommand is not None:
        return
    found = asyncio.run(_read(workspace_paths(context), number))
    if as_json:
        say_json([notification_json(each) for each in found])
    elif found:
        say_table(_HEADS, [_row(each) for each in found])
    else:
        say("Nobody was told of anything yet. runroom.toml describes channels as [notifications.NAME].")


async def _read(paths: WorkspacePaths, number: int) -> list[Notification]:
    try:
        async with open_record(paths) as reader:
            return await reader.notifications.latest(number)
    except StoreMissing:
        return []


def _row(each: Notification) -> list[str]:
    draft = each.draft
    return [_state(each), draft.channel, draft.occasion, f"#{draft.run_id}", each.problem or draft.title]


def _state(each: Notification) -> str:
    if each.sent_at is not None:
        return date_and_time(each.sent_at)
    if each.attempts >= MOST_ATTEMPTS:
        return "given up"
    return f"due {date_and_time(each.draft.due_at)}" if each.draft.due_at > system_clock() else "now"


@notifications.command("test", cls=Command)
def send_test(
    context: typer.Context,
    channel: Annotated[str | None, typer.Argument(metavar="[CHANNEL]", help="Default: all channels.")] = None,
    as_json: JsonOption = False,
) -> int:
    """Send a test message, and say whether it arrived."""
    problems = asyncio.run(_test(workspace_paths(context), channel))
    if as_json:
        say_json(problems)
    else:
        for name, problem in problems.items():
            say(f"{name}: {problem or 'arrived.'}")
    return 1 if any(problems.values()) else 0


async def _test(paths: WorkspacePaths, channel: str | None) -> dict[str, str | None]:
    from engine.client.launch import ensure_engine

    async with await ensure_engine(paths.folder) as client:
        await client.reload()
        return await client.test_notifications(channel)
