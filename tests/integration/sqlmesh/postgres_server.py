"""A Postgres server of the test's own, from Debian's packages, on a Unix socket in a folder of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@dataclass(frozen=True)
class PostgresServer:
    """A server that runs; `folder` holds its socket, `user` owns it."""

    folder: Path
    user: str

    def query(self, sql: str) -> list[str]:
        """The rows of a query, as psql prints them without decoration."""
        server = ("-h", str(self.folder), "-U", self.user, "-d", "postgres")
        command = [str(BINARIES[-1] / "psql"), "-X", "-At", *server, "-c", sql]
        printed: str = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return printed.splitlines()


def owner() -> str:
    """Who may own a server: Postgres refuses root, Debian makes a user for it."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    user = owner()
    folder = Path(tempfile.mkdtemp(prefix="runroom-postgres-"))
    shutil.chown(folder, user)
    data = folder / "data"

    def call(program: str, *arguments: str) -> None:
        command = [str(BINARIES[-1] / program), "-D", str(data), *arguments]
        run_as = user if os.geteuid() == 0 else None
        subprocess.run(
            command, check=True, user=run_as, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, cwd=folder
        )

    try:
        call("initdb", "-A", "trust", "-U", user, "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield PostgresServer(folder, user)
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
