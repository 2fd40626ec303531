"""`runroom tokens`: who may use the engine's API over TCP."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

import typer

from engine.errors import UsageError
from store.clock import system_clock, to_iso
from store.models import Scope
from store.paths import WorkspacePaths
from store.wording import NOTHING, date_and_time, relative_time
from tui.command_line.output import complain, say, say_json, say_table
from tui.command_line.shared import AuthorOption, Command, Group, JsonOption, workspace_paths

if TYPE_CHECKING:
    from engine.client.api import EngineClient
    from engine.protocol import ListedToken

T = TypeVar("T")
_HEADS = ("token", "scope", "made", "by", "last used")

tokens = typer.Typer(
    cls=Group,
    help="List the tokens of the API over TCP, create and revoke them.",
    rich_markup_mode=None,
    add_completion=False,
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the token is called: who or what shows it.")]


@tokens.callback(invoke_without_command=True)
def list_tokens(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the tokens of the API over TCP, create and revoke them."""
    if context.invoked_subcommand is not None:
        return
    found = asyncio.run(_ask(workspace_paths(context), lambda client: client.tokens()))
    if as_json:
        say_json([_json(token) for token in found])
    elif found:
        say_table(_HEADS, [_row(token) for token in found])
    else:
        say('No tokens yet: make one with "runroom tokens create NAME --scope read".')


@tokens.command("create", cls=Command)
def create(
    context: typer.Context,
    name: NameArgument,
    scope: Annotated[
        str, typer.Option("--scope", help="read: see all; run: start, stop and look after runs; admin: delete, too.")
    ] = "read",
    author: AuthorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token and print it, this once: only its hash is kept."""
    from engine.client.workspaces import author as author_of
    from engine.protocol import CreateToken

    if scope not in get_args(Scope):
        raise UsageError(f'There is no scope "{scope}"; known: {", ".join(get_args(Scope))}.')
    wanted = CreateToken.model_validate({"name": name, "scope": scope, "author": author_of(author)})
    made = asyncio.run(_ask(workspace_paths(context), lambda client: client.create_token(wanted)))
    if as_json:
        say_json(made.model_dump())
    else:
        complain(f"{made.name} is made, with scope {made.scope}. It is shown this once:")
        say(made.token)


@tokens.command("revoke", cls=Command)
def revoke(
    context: typer.Context, name: NameArgument, author: AuthorOption = None, as_json: JsonOption = False
) -> None:
    """Let a token open nothing any more, at once."""
    from engine.client.workspaces import author as author_of

    by = author_of(author)
    former = asyncio.run(_ask(workspace_paths(context), lambda client: client.revoke_token(name, by)))
    if as_json:
        say_json({**_json(former), "revoked": True})
    else:
        say(f"{former.name} is revoked.")


async def _ask(paths: WorkspacePaths, act: Callable[["EngineClient"], Awaitable[T]]) -> T:
    from engine.client.launch import ensure_engine

    async with await ensure_engine(paths.folder) as client:
        return await act(client)


def _row(token: "ListedToken") -> list[str]:
    used = relative_time(token.last_used_at, system_clock()) if token.last_used_at else "never"
    return [token.name, token.scope, date_and_time(token.created_at), token.created_by or NOTHING, used]


def _json(token: "ListedToken") -> dict[str, Any]:
    return {
        "name": token.name,
        "scope": token.scope,
        "created_at": to_iso(token.created_at),
        "created_by": token.created_by,
        "last_used_at": to_iso(token.last_used_at) if token.last_used_at else None,
    }
