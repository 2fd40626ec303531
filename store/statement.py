"""What a reduction of an event yields."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement with its values."""

    sql: str
    values: dict[str, Any] = field(default_factory=dict)
