"""Certificates that are renewed while connections are made."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.api.certificates import Certificates
from tests.support.certificate_files import make_certificate, needs_openssl

pytestmark = needs_openssl


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    make_certificate(tmp_path, "first")
    return tmp_path / "cert.pem", tmp_path / "key.pem"


@asynccontextmanager
async def serving(certificates: Certificates) -> AsyncIterator[int]:
    """The port on which somebody speaks with these certificates."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=certificates.context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def shown(port: int) -> str:
    return await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", port))


async def test_a_renewed_certificate_is_shown_without_a_new_socket(files: tuple[Path, Path]) -> None:
    certificates = Certificates(*files)
    async with serving(certificates) as port:
        before = await shown(port)
        assert before.strip() == files[0].read_text().strip()
        assert not certificates.renew()

        make_certificate(files[0].parent, "renewed")
        assert certificates.renew()

        after = await shown(port)
        assert after.strip() == files[0].read_text().strip() != before.strip()


async def test_a_certificate_without_its_key_leaves_the_former_pair_in_force(files: tuple[Path, Path]) -> None:
    certificates = Certificates(*files)
    former_key = files[1].read_bytes()
    async with serving(certificates) as port:
        before = await shown(port)
        make_certificate(files[0].parent, "renewed")
        renewed_key = files[1].read_bytes()
        files[1].write_bytes(former_key)

        with pytest.raises(ssl.SSLError):
            certificates.renew()
        assert await shown(port) == before

        files[1].write_bytes(renewed_key)
        assert certificates.renew()
        assert await shown(port) != before
