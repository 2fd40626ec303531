"""A dbt project whose models wait for the test, so that a run can be held wherever it is wanted."""

from dataclasses import dataclass
from pathlib import Path

from tests.integration.dbt.projects import write_project
from tests.support.waiting import until

_PROFILES = """
gated:
  target: dev
  outputs:
    dev: {type: duckdb, path: gated.duckdb, threads: 1}
    other: {type: duckdb, path: other.duckdb, threads: 1}
"""
# Runs inside dbt, whose working folder is the project.
_MODEL = """
import subprocess
import time
from pathlib import Path


def model(dbt, session):
    dbt.config(materialized="table")
    rows = dbt.ref("{parent}")
    helper = subprocess.Popen(["sleep", "600"])
    Path("{name}.reached").touch()
    while not Path("{name}.open").exists():
        time.sleep(0.01)
    helper.kill()
    helper.wait()
    return rows
"""


@dataclass(frozen=True)
class GatedProject:
    """A chain of models `gate_1` … `gate_n` behind the view `orders`, each with an audit; dbt builds one at a time.

    A gate has a process of its own while it is closed: what a tool starts must not outlive it.
    """

    folder: Path
    gates: int = 1

    def write(self) -> None:
        """Makes the files, all gates closed."""
        files = {
            "dbt_project.yml": "name: gated\nprofile: gated\nflags: {send_anonymous_usage_stats: false}\n",
            "profiles.yml": _PROFILES,
            "models/orders.sql": "select 1 as id union all select 2",
            "models/models.yml": self._audits(),
        }
        for number in range(1, self.gates + 1):
            parent = f"gate_{number - 1}" if number > 1 else "orders"
            files[f"models/gate_{number}.py"] = _MODEL.format(name=f"gate_{number}", parent=parent)
        write_project(self.folder, files)

    def _audits(self) -> str:
        models = ["orders", *(f"gate_{number}" for number in range(1, self.gates + 1))]
        entries = [f"  - name: {model}\n    columns: [{{name: id, data_tests: [not_null]}}]" for model in models]
        return "version: 2\nmodels:\n" + "\n".join(entries) + "\n"

    def open(self, gate: int = 1) -> None:
        """Lets the model go on, now or when it comes there."""
        (self.folder / f"gate_{gate}.open").touch()

    def open_all(self) -> None:
        """Lets the run go through."""
        for gate in range(1, self.gates + 1):
            self.open(gate)

    async def reached(self, gate: int = 1) -> None:
        """Returns once the model is being built."""
        await until((self.folder / f"gate_{gate}.reached").exists, f"gate {gate} is reached")
