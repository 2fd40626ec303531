"""What a query does with columns beside giving them: by which it filters, joins, groups and orders.

Pure, but slow for a screen, like `store.lineage.sql_columns`, which asks it: it runs sqlglot.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar, get_args

Way = Literal["join", "filter", "group", "order"]
WAYS: tuple[Way, ...] = get_args(Way)

Found = TypeVar("Found")


def used_columns(
    scope: Any, of_table: Callable[[Any, str], Found], of_inner: Callable[[str, Any], Iterable[Found] | None]
) -> tuple[dict[tuple[Found, Way], None], bool]:
    """The columns of tables that a qualified query filters, joins, groups or orders by; and whether these are all.

    `of_table` names a column of a table, `of_inner` those that a column of an inner query (a scope of sqlglot's) is
    made of, None where that is not known.
    """
    from sqlglot import exp

    found: dict[tuple[Found, Way], None] = {}
    complete = True
    known: dict[tuple[int, str], Iterable[Found] | None] = {}
    for each in scope.traverse():
        for column in each.columns:
            way = _way(column)
            if way is None or isinstance(column.this, exp.Star):
                continue
            source = each.sources.get(column.table)
            if isinstance(source, exp.Table):
                found[of_table(source, column.name), way] = None
            elif source is not None:
                key = (id(source), column.name)
                if key not in known:
                    known[key] = of_inner(column.name, source)
                complete = complete and known[key] is not None
                found.update(dict.fromkeys((one, way) for one in known[key] or ()))
            elif not column.table:
                complete = False
    return found, complete


def _way(column: Any) -> Way | None:
    """The clause that a column stands in, or that the inner query stands in which it belongs to; None for a value."""
    from sqlglot import exp

    node = column
    while (parent := node.parent) is not None:
        match parent:
            case exp.Where() | exp.Having() | exp.Qualify() if isinstance(parent.parent, exp.Query):
                return "filter"
            case exp.Join():
                return "join" if node.arg_key == "on" else None
            case exp.Group():
                return "group"
            case exp.Order() if isinstance(parent.parent, exp.Query):
                return "order"
            case exp.Distinct() if isinstance(parent.parent, exp.Select):
                return "group"
            case exp.Select() if (
                node.arg_key == "expressions" and _groups_by_all(parent) and not node.find(exp.AggFunc)
            ):
                return "group"
            case exp.CTE() | exp.From() | exp.Lateral():
                return None
        node = parent
    return None


def _groups_by_all(select: Any) -> bool:
    """`GROUP BY ALL`: by each value that the query gives and that is no aggregate."""
    group = select.args.get("group")
    return group is not None and bool(group.args.get("all"))
