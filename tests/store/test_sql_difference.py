"""What counts as formatting, and what does not."""

import pytest

from store.sql_difference import sql_difference

QUERY = "select carrier, count(*) as flights from stg_flights where delay > 15 group by carrier"


@pytest.mark.parametrize(
    "after",
    [
        "SELECT carrier, COUNT(*) AS flights\n  FROM stg_flights\n WHERE delay > 15\nGROUP BY carrier\n",
        f"-- late ones only\n{QUERY}",
        QUERY.replace("where", "/* after\n a quarter of an hour */ where"),
        QUERY.replace("carrier", "CARRIER"),
        f"{QUERY};",
    ],
    ids=["layout", "comment before", "comment within", "case of a plain name", "semicolon"],
)
def test_layout_and_comments_are_formatting(after: str) -> None:
    assert sql_difference(QUERY, after, "duckdb") == "formatting"


@pytest.mark.parametrize(
    "after",
    [
        QUERY.replace("> 15", ">= 15"),
        QUERY.replace("15", "16"),
        QUERY.replace("stg_flights", "stg_flights_2"),
        QUERY.replace("as flights", "as number"),
        QUERY.replace("carrier, count", "count"),
        QUERY.replace("delay > 15", "delay > 15 -- and cancelled = 0\n").replace("group by carrier", "group by 1"),
        QUERY.replace("where delay > 15", "-- where delay > 15\n"),
        f"{QUERY} limit 10",
    ],
)
def test_what_is_said_differently_has_changed(after: str) -> None:
    assert sql_difference(QUERY, after, "duckdb") == "changed"


def test_a_text_is_the_same_as_itself_whatever_it_is() -> None:
    assert sql_difference("{% broken", "{% broken") == "same"


@pytest.mark.parametrize(("before", "after"), [("'AA'", "'aa'"), ("'a  b'", "'a b'"), ('"Aa"', '"aa"')])
def test_case_and_spaces_within_quotes_matter(before: str, after: str) -> None:
    assert sql_difference(f"select {before} from t", f"select {after} from t", "postgres") == "changed"


def test_a_template_is_compared_by_its_tokens() -> None:
    before = "select * from {{ ref('stg_flights') }} where day > '{{ var(\"since\") }}'"
    assert sql_difference(before, before.replace(" from ", "\n  FROM "), "duckdb") == "formatting"
    assert sql_difference(before, f"{{# all flights #}}\n{before}", "duckdb") == "formatting"
    assert sql_difference(before, before.replace("stg_flights", "stg_planes"), "duckdb") == "changed"
    assert sql_difference(before, before.replace("since", "until"), "duckdb") == "changed"


def test_jinja_in_a_comment_counts_because_dbt_renders_it() -> None:
    before = "-- depends_on: {{ ref('a') }}\nselect 1 as n"
    assert sql_difference(before, before.replace("('a')", "('b')"), "duckdb") == "changed"


def test_a_definition_of_sqlmesh_is_compared_by_its_tokens() -> None:
    before = (
        "MODEL (name marts.late, kind FULL);\n\nSELECT carrier FROM core.flights WHERE day > @start_ds AND 1 < @end_ds"
    )
    assert sql_difference(before, before.replace("\n\n", "\n/* late */\n"), "duckdb") == "formatting"
    assert sql_difference(before, before.replace("FULL", "VIEW"), "duckdb") == "changed"
    assert sql_difference(before, before.replace("@start_ds", "@end_ds"), "duckdb") == "changed"


def test_dbt_names_its_adapters_otherwise() -> None:
    assert sql_difference("select top 5 a from [b]", "SELECT TOP 5 a FROM [b]", "sqlserver") == "formatting"
    assert sql_difference("select 1", "select  1", "no such dialect") == "formatting"


def test_text_that_is_no_sql_has_changed() -> None:
    assert sql_difference("def model(dbt):\n    return 'a", "def model(dbt):\n  return 'a") == "changed"
