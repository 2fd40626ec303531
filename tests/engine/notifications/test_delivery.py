"""Messages that really arrive: at a web address, at a command, in a mailbox; and what is said when they do not."""

import json
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MailHandler

from engine.notifications import delivery
from engine.notifications.channel import Channel
from engine.notifications.delivery import NotDelivered, deliver

PAYLOAD = {"title": "✗ nightly failed", "body": "int_delays: no such column", "occasion": "failure", "run": {"id": 7}}


@asynccontextmanager
async def sink(status: int = 200) -> AsyncIterator[tuple[str, list[Any]]]:
    """A web address, and what came there."""
    came: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        came.append(await request.json())
        return web.Response(status=status)

    application = web.Application()
    application.router.add_post("/hook", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/hook", came
    finally:
        await runner.cleanup()


async def test_a_webhook_gets_json() -> None:
    async with sink() as (address, came):
        await deliver(Channel("hook", webhook=address), PAYLOAD, {})
    assert came == [PAYLOAD]


async def test_an_address_comes_from_the_environment_and_is_never_said() -> None:
    async with sink(status=500) as (address, came):
        with pytest.raises(NotDelivered, match="answered 500") as refused:
            await deliver(Channel("hook", webhook="$HOOK"), PAYLOAD, {"HOOK": address})
        assert address not in str(refused.value)
        assert len(came) == 1
    with pytest.raises(NotDelivered, match="no variable HOOK"):
        await deliver(Channel("hook", webhook="${HOOK}"), PAYLOAD, {})
    with pytest.raises(NotDelivered, match="could not be reached") as refused:
        await deliver(Channel("hook", webhook=address), PAYLOAD, {})
    assert address not in str(refused.value)


async def test_a_command_gets_json_on_its_standard_input(tmp_path: Path) -> None:
    took = tmp_path / "took.json"
    command = ("sh", "-c", f'test "$RUNROOM_OCCASION" = failure && cat > {took}')
    await deliver(Channel("page", command=command), PAYLOAD, {"PATH": "/usr/bin:/bin"})
    assert json.loads(took.read_text()) == PAYLOAD


async def test_a_command_that_fails_or_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(NotDelivered, match="sh ended with 3: no pager"):
        await deliver(Channel("page", command=("sh", "-c", "echo no pager >&2; exit 3")), PAYLOAD, {"PATH": "/bin"})
    with pytest.raises(NotDelivered, match="could not be started"):
        await deliver(Channel("page", command=(str(tmp_path / "none"),)), PAYLOAD, {})


async def test_who_does_not_answer_is_given_up_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LIMIT_S", 0.2)
    begun = tmp_path / "begun"
    command = ("sh", "-c", f"sleep 60 & echo $! > {begun}; wait")
    with pytest.raises(NotDelivered, match="did not answer"):
        await deliver(Channel("page", command=command), PAYLOAD, {"PATH": "/usr/bin:/bin"})
    child = Path(f"/proc/{begun.read_text().strip()}")
    assert not child.exists() or "State:\tZ" in (child / "status").read_text()


class Mailbox(MailHandler):
    """Keeps what comes."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[bytes] = []

    def prepare_message(self, session: Any, envelope: Any) -> Any:
        self.mails.append(envelope.content)
        return super().prepare_message(session, envelope)

    def handle_message(self, message: Any) -> None:
        """Kept already."""


@pytest.fixture
def mail_server() -> Iterator[tuple[int, Mailbox]]:
    mailbox = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port, mailbox
    finally:
        controller.stop()


async def test_a_mail_arrives_by_apprise(mail_server: tuple[int, Mailbox]) -> None:
    port, mailbox = mail_server
    url = f"mailto://127.0.0.1:{port}?from=runroom@example.com&to=oncall@example.com"
    await deliver(Channel("mail", url=url), PAYLOAD, {})
    (mail,) = mailbox.mails
    message = message_from_bytes(mail, policy=policy.default)
    assert message["Subject"] == PAYLOAD["title"]
    assert "int_delays: no such column" in mail.decode()


async def test_what_apprise_cannot_send_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    with pytest.raises(NotDelivered, match="does not understand"):
        await deliver(Channel("mail", url="nonsense"), PAYLOAD, {})
    with pytest.raises(NotDelivered, match="could not deliver"):
        await deliver(Channel("mail", url="json://127.0.0.1:1/"), PAYLOAD, {})
