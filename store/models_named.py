"""Finds models of an environment by part of their name."""

from dataclasses import dataclass
from sqlite3 import Row


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model by its unique and its usual name, and the last run that meant to execute it."""

    model: str
    name: str
    run_id: int

    @classmethod
    def of(cls, row: Row) -> "NamedModel":
        """From a row of `MODELS_NAMED`."""
        return cls(row["model"], row["name"], row["run_id"])


# A narrowed run or a repair has few of the models; what no run of so many had is searched for in Explore.
MODELS_NAMED = """
    WITH recent AS (SELECT id FROM runs WHERE project = ? AND environment = ? ORDER BY id DESC LIMIT 50)
    SELECT model, name, max(run_id) AS run_id FROM model_executions
    WHERE run_id IN (SELECT id FROM recent) AND instr(lower(name), lower(?)) > 0
    GROUP BY model ORDER BY name LIMIT ?"""
