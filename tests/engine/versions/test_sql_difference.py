"""Spaces and comments change nothing; a filter does."""

import pytest

from engine.versions.sql_difference import Difference, definition_difference, sql_difference

PLAIN = "select a, b from t where a > 1"
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


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (PLAIN, PLAIN, "same"),
        (PLAIN, "SELECT a,\n    b -- both\nFROM t /* all */\nWHERE a > 1", "formatting"),
        (PLAIN, "select a, b from t where a <> 1", "changed"),
        (PLAIN, "select a, b from t where a > 2", "changed"),
        (PLAIN, "select A, b from T where a > 1", "formatting"),
        ("select 1 where a != 'x'", "select 1 where a <> 'x'", "formatting"),
        ("select 'A'", "select 'a'", "changed"),
        ('select "A"', 'select "a"', "changed"),
        ("select 'a  b'", "select 'a b'", "changed"),
        ("select '-- no comment'", "select '-- another'", "changed"),
        (r"select 'it\'s --a'", r"select 'it\'s --b'", "changed"),
        ("select 'open", "select 'open ", "changed"),
        (DBT, DBT.replace("'stg_flights'", '  "stg_flights" ').replace("{% if", "{%- if"), "formatting"),
        (DBT, DBT.replace("select a, b", "{# why #}\nSELECT a,\n  b -- both"), "formatting"),
        (DBT, DBT.replace("stg_flights", "stg_planes"), "changed"),
        (DBT, DBT.replace("a > (", "a >= ("), "changed"),
        (DBT, DBT.replace("'table'", "'view'"), "changed"),
        (DBT, f"{DBT}-- {{{{ ref('late') }}}}\n", "changed"),
        (MESH, MESH.replace("kind FULL", "kind  full").replace("WHERE", "-- days\n  WHERE"), "formatting"),
        (MESH, MESH.replace("kind FULL", "kind VIEW"), "changed"),
        (MESH, MESH.replace("@end_ds", "@end_ts"), "changed"),
    ],
)
def test_sql(before: str, after: str, expected: Difference) -> None:
    assert sql_difference(before, after) == expected


def test_a_dialect_says_where_strings_end() -> None:
    assert sql_difference(r"select 'it\'s'", r"select  'it\'s' # so", "bigquery") == "formatting"


@pytest.mark.parametrize(
    ("path", "before", "after", "expected"),
    [
        ("models/a.py", "def model(dbt):\n    return 1\n", "def model(dbt):  # one\n\n    return 1\n", "formatting"),
        ("models/a.py", "x = 1\n", "x = 2\n", "changed"),
        ("models/a.py", "x = (", "x = ( ", "changed"),
        ("models/a.sql", "select 1", "select  1", "formatting"),
        ("seeds/a.csv", "a,b\n1,2\n", "a, b\n1,2\n", "changed"),
    ],
)
def test_files(path: str, before: str, after: str, expected: Difference) -> None:
    assert definition_difference(path, before, after) == expected
