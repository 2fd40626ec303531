"""What an API over TCP is configured to be."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Provider = Literal["github", "gitlab"]


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Where it listens, with which TLS files if any, and how much it takes.

    `rate_limit` is the number of requests a minute and token, `max_body` in bytes.
    """

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    rate_limit: int = 120
    max_body: int = 1_000_000

    @property
    def address(self) -> str:
        """As people write it in front of a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ApiState:
    """Where it listens now; or why it does not, though it should."""

    address: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A forge that tells of pushes and requests to a project; the secret is in the environment variable.

    `forks` says whether requests from forks run, too.
    """

    name: str
    provider: Provider
    secret_env: str
    project: str
    forks: bool = False
