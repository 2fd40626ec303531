"""What can be asked about SQL, and the answers, wherever they are worked out."""

from typing import Annotated, Literal, Protocol

from pydantic import ConfigDict, Field, TypeAdapter

from store.lineage.sql_columns import KnownTable, QueryColumns, Value, query_columns
from store.sql_difference import SqlDifference, sql_difference


class CompareRequest(Value):
    """Do these two say the same?"""

    type: Literal["compare"] = "compare"
    before: str
    after: str
    dialect: str | None = None


class ColumnsRequest(Value):
    """Which columns does this query give, and from which are they made?"""

    type: Literal["columns"] = "columns"
    sql: str
    dialect: str | None = None
    tables: dict[str, KnownTable] = Field(default_factory=dict)


class Compared(Value):
    """The answer to a CompareRequest."""

    type: Literal["compared"] = "compared"
    difference: SqlDifference


class Columns(Value):
    """The answer to a ColumnsRequest."""

    type: Literal["columns"] = "columns"
    columns: QueryColumns


Request = Annotated[CompareRequest | ColumnsRequest, Field(discriminator="type")]
Answer = Annotated[Compared | Columns, Field(discriminator="type")]
_LATER = ConfigDict(defer_build=True)  # the first picture does not wait for it
REQUEST: TypeAdapter[Request] = TypeAdapter(Request, config=_LATER)
ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer, config=_LATER)


class SqlProblem(Exception):
    """The question has no answer: it took too long, or broke what worked on it. The text is one sentence."""


class SqlKnowledge(Protocol):
    """Answers questions about SQL without holding up whoever asks. Raises SqlProblem."""

    async def difference(self, before: str, after: str, dialect: str | None) -> SqlDifference:
        """Whether two texts say the same."""

    async def columns(self, request: ColumnsRequest) -> QueryColumns:
        """The columns of a query."""


def answer(request: CompareRequest | ColumnsRequest) -> Compared | Columns:
    """Works the answer out, here and now."""
    if isinstance(request, CompareRequest):
        return Compared(difference=sql_difference(request.before, request.after, request.dialect))
    return Columns(columns=query_columns(request.sql, request.dialect, request.tables))
