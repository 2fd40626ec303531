"""What a person does with the hosts that runs used: see them, copy them, save them to a file.

These coroutines open dialogs and wait for them, so they run in a worker.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from textual.app import App

from store.errors import StoreError
from store.hosts import Host, hosts_of, hosts_text
from store.wording import counted
from tui.run_actions import copy, notify, notify_error
from tui.services import Services


async def export_hosts(app: App[Any], services: Services, run_ids: Sequence[int]) -> None:
    """Shows the names and IP addresses of the hosts, and copies or saves them, one a line."""
    try:
        async with services.reads() as reader:
            found = hosts_of([await reader.run(run_id) for run_id in run_ids])
    except StoreError as error:
        notify_error(app, str(error))
        return
    subject = f"#{run_ids[0]}" if len(run_ids) == 1 else counted(len(run_ids), "run")
    if not found:
        notify(app, f"No host is known: {subject} {'has' if len(run_ids) == 1 else 'have'} not begun.")
        return
    from tui.screens.hosts import HostsScreen

    wanted = await app.push_screen_wait(HostsScreen(subject, found))
    if wanted == "copy":
        await copy(app, services, hosts_text(found))
    elif wanted == "save":
        await _save(app, run_ids, found)


async def _save(app: App[Any], run_ids: Sequence[int], hosts: Sequence[Host]) -> None:
    from tui.screens.save_file import SaveScreen, save_with

    def write(target: BinaryIO) -> None:
        target.write(hosts_text(hosts).encode() + b"\n")

    name = Path(f"hosts-of-{run_ids[0]}.txt" if len(run_ids) == 1 else f"hosts-of-{len(run_ids)}-runs.txt")
    saved = await app.push_screen_wait(SaveScreen(name, partial(save_with, write=write)))
    if saved is not None:
        notify(app, f"Saved as {saved}.")
