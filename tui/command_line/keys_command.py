"""`runroom keys`: every key of the app, as it is here."""

import typer

from tui.command_line.output import say_json, say_table
from tui.command_line.shared import JsonOption, workspace_paths


def keys(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the keys of the app, as [keys] in runroom.toml and your own file leave them."""
    # Only this command needs the declarations, which load Textual.
    from tui.keymap import KEYS, spelled
    from tui.remapping import keys_now, keys_of

    remapped = keys_of(workspace_paths(context).folder)
    if as_json:
        say_json(
            [
                {
                    "id": key.id,
                    "keys": keys_now(key, remapped).split(","),
                    "help": key.help,
                    "acts": key.acts,
                    "dangerous": key.dangerous,
                    "remapped": key.id in remapped,
                }
                for key in KEYS
            ]
        )
        return
    rows = [(key.id, spelled(keys_now(key, remapped)), key.help, _asks(key.dangerous)) for key in KEYS]
    say_table(("id", "keys", "what it does", ""), rows)


def _asks(dangerous: bool) -> str:
    return "asks first" if dangerous else ""
