"""Brings a message to where its channel says: by Apprise, as JSON to a web address, or as JSON to a command."""

import asyncio
import json
import os
import re
import signal
from collections.abc import Mapping
from typing import Any

import aiohttp

from engine.errors import RunroomError
from engine.notifications.channel import Channel

LIMIT_S = 20.0
"""How long one delivery may take."""

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class NotDelivered(RunroomError):
    """The message did not arrive. Says why, in a sentence."""


Payload = Mapping[str, Any]
"""What webhooks and commands get: `title`, `body`, `occasion`, `run` (as in `runroom runs --json`) and `causes`."""


async def deliver(channel: Channel, payload: Payload, environment: Mapping[str, str]) -> None:
    """Brings the message there. Raises NotDelivered; secrets of an address are in no sentence."""
    try:
        async with asyncio.timeout(LIMIT_S):
            if channel.url is not None:
                await _by_apprise(_filled(channel.url, environment), payload)
            elif channel.webhook is not None:
                await _by_webhook(_filled(channel.webhook, environment), payload)
            else:
                await _by_command(channel.command, payload, environment)
    except TimeoutError:
        raise NotDelivered(f"{channel.name} did not answer within {LIMIT_S:g} s.") from None


def _filled(address: str, environment: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in environment:
            raise NotDelivered(f"The engine's environment has no variable {name}.")
        return environment[name]

    return _VARIABLE.sub(value, address)


async def _by_apprise(url: str, payload: Payload) -> None:
    try:
        import apprise  # An extra, and slow to load.
    except ImportError:
        raise NotDelivered("Channels with a url need Apprise: pip install 'runroom[notify]'.") from None
    sender = apprise.Apprise()
    if not sender.add(url):
        raise NotDelivered("Apprise does not understand the url.")
    if not await sender.async_notify(title=payload["title"], body=payload["body"]):
        raise NotDelivered("Apprise could not deliver it; engine.log says why.")


async def _by_webhook(address: str, payload: Payload) -> None:
    try:
        async with aiohttp.ClientSession() as session, session.post(address, json=payload) as response:
            if response.status >= 300:
                raise NotDelivered(f"The web address answered {response.status}.")
    except (aiohttp.ClientError, ValueError) as error:
        raise NotDelivered(f"The web address could not be reached: {type(error).__name__}.") from error


async def _by_command(command: tuple[str, ...], payload: Payload, environment: Mapping[str, str]) -> None:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**environment, "RUNROOM_OCCASION": str(payload["occasion"])},
            process_group=0,
        )
    except OSError as error:
        raise NotDelivered(f"{command[0]} could not be started: {error.strerror}.") from error
    try:
        _, said = await process.communicate(json.dumps(payload).encode())
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        raise
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise NotDelivered(f"{command[0]} ended with {process.returncode}" + (f": {lines[-1]}" if lines else "."))
