"""Spaces and comments change nothing; a filter does."""

import pytest

from engine.versions.definitions import definition_difference
from store.sql_difference import SqlDifference

DBT = """{{ config(materialized='table') }}
select a, b
from {{ ref('stg_flights') }}
{% if is_incremental() %}
where a > (select max(a) from {{ this }})
{% endif %}
"""
MESH = """MODEL (name marts.daily, kind FULL);

SELECT a, @DATE(b) FROM raw.flights WHERE d BETWEEN @start_ds AND @end_ds
"""
QUOTED = "-- a model; of mine\nMODEL (name a, description 'a; b');\nselect x::text from t where y"


@pytest.mark.parametrize(
    ("path", "before", "after", "expected"),
    [
        ("a.sql", DBT, DBT, "same"),
        ("a.sql", DBT, DBT.replace("select a, b", "{# why #}\nSELECT a,\n  b -- both"), "formatting"),
        ("a.sql", DBT, DBT.replace("stg_flights", "stg_planes"), "changed"),
        ("a.sql", DBT, DBT.replace("a > (", "a >= ("), "changed"),
        ("a.sql", DBT, DBT.replace("'table'", "'view'"), "changed"),
        ("a.sql", DBT, f"{DBT}-- {{{{ ref('late') }}}}\n", "changed"),
        ("a.sql", MESH, MESH.replace("kind FULL", "kind  FULL").replace("WHERE", "-- days\n  WHERE"), "formatting"),
        ("a.sql", MESH, MESH.replace("kind FULL", "kind VIEW"), "changed"),
        ("a.sql", MESH, MESH.replace("@end_ds", "@end_ts"), "changed"),
        ("a.sql", MESH, MESH.replace("@DATE(b)", "CAST(@DATE(b) AS TEXT)"), "changed"),
        ("a.sql", QUOTED, QUOTED.replace("x::text", "CAST(x AS TEXT)"), "formatting"),
        ("a.sql", QUOTED, QUOTED.replace("a; b", "a; c"), "changed"),
        ("a.sql", QUOTED, QUOTED.replace("where y", "where not y"), "changed"),
        ("a.sql", "select 'open", "select 'open ", "changed"),
        ("a.sql", r"select 'it\'s --a'", r"select 'it\'s --b'", "changed"),
        ("a.py", "def model(dbt):\n    return 1\n", "def model(dbt):  # one\n\n    return 1\n", "formatting"),
        ("a.py", "x = 1\n", "x = 2\n", "changed"),
        ("a.py", "x = (", "x = ( ", "changed"),
        ("a.csv", "a,b\n1,2\n", "a, b\n1,2\n", "changed"),
    ],
)
def test_files(path: str, before: str, after: str, expected: SqlDifference) -> None:
    assert definition_difference(path, before, after) == expected


def test_a_dialect_says_where_strings_end() -> None:
    assert definition_difference("a.sql", r"select 'it\'s'", r"select  'it\'s' # so", "bigquery") == "formatting"
