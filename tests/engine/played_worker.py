"""A worker that does what the test says: a real process with the real lock and a real journal, without a tool."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from store.paths import RunPaths

_SOURCE = """
import fcntl, json, os, pathlib, signal, sys, time
folder = pathlib.Path(sys.argv[1])
lock = open(folder / "worker.lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)
seq = 0
def say(kind, **values):
    global seq
    seq += 1
    line = json.dumps({"v": 1, "seq": seq, "ts": "2026-11-21T03:00:00Z", "type": kind, **values})
    with open(folder / "events.jsonl", "a") as journal:
        journal.write(line + "\\n")
def end(status, reason):
    say("run.finished", status=status, reason=reason)
    sys.exit(0)
def stop(*_):
    author = json.loads((folder / "control.jsonl").read_text().splitlines()[-1])["author"]
    say("run.stopping", reason="stopping")
    end("cancelled", f"stopped by {author}")
signal.signal(signal.SIGTERM, stop)
say("run.started", pid=os.getpid(), pid_started=1.0, host="lab-1", tool="dbt")
say("notice", text=os.environ.get("MOOD", "none"))
while not (folder / "finish").exists():
    time.sleep(0.01)
what = (folder / "finish").read_text()
if what == "break":
    print("Traceback:\\nZeroDivisionError: by zero", file=sys.stderr)
    sys.exit(3)
end(what, None)
"""


def finish(paths: RunPaths, how: str = "completed") -> None:
    """Lets the worker of a run go to its end: in this status, or by breaking."""
    partial = paths.folder / "finish.partial"
    partial.write_text(how, encoding="utf-8")
    partial.replace(paths.folder / "finish")


@dataclass
class PlayedWorkers:
    """Takes the place of `engine.workers.start_worker`."""

    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    refuse: OSError | None = None

    def __call__(self, paths: RunPaths, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Starts a process that plays the worker."""
        if self.refuse is not None:
            raise self.refuse
        with paths.worker_log.open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _SOURCE, str(paths.folder)],
                env=dict(environment),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(child)
        return child

    def end(self) -> None:
        """Leaves no process behind."""
        for child in self.started:
            child.kill()
            child.wait()
