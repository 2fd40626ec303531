"""Small dbt projects on DuckDB for tests, each written where a test wants it."""

from pathlib import Path

PROJECT = "name: shop\nprofile: shop\nflags: {send_anonymous_usage_stats: false}\n"
PROFILES = """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, threads: 2}
    other: {type: duckdb, path: other.duckdb, threads: 2}
"""
ENDLESS = "select count(*) as n from range(1000000) a, range(1000000) b where hash(a.range + b.range) % 7 = 3"
"""A query that takes hours."""

SHOP = {
    "dbt_project.yml": PROJECT
    + "on-run-start: ['select 1']\nseeds: {shop: {+tags: [raw]}}\nmodels: {shop: {+materialized: table}}\n",
    "seeds/raw_orders.csv": "id,amount\n1,10\n2,\n3,30\n",
    "models/stg_orders.sql": "select id, amount from {{ ref('raw_orders') }}",
    "models/only_inside.sql": "{{ config(materialized='ephemeral') }} select * from {{ ref('stg_orders') }}",
    "models/totals.sql": "select sum(amount) as total from {{ ref('only_inside') }}",
    "models/behind_the_gate.sql": "select * from {{ ref('totals') }}",
    "models/broken.sql": "select nope from {{ ref('stg_orders') }}",
    "models/child.sql": "select * from {{ ref('broken') }}",
    "models/grandchild.sql": "select * from {{ ref('child') }}",
    "snapshots/orders_history.sql": """{% snapshot orders_history %}
        {{ config(target_schema='history', unique_key='id', strategy='check', check_cols=['amount']) }}
        select * from {{ ref('stg_orders') }}{% endsnapshot %}""",
    "tests/orders_are_few.sql": "select * from {{ ref('orders_history') }} where id > 2",
    "models/models.yml": """
version: 2
models:
  - name: stg_orders
    description: Orders as they came.
    meta: {owner: sales}
    columns:
      - name: id
        description: Number of the order.
        data_type: integer
        data_tests: [unique, not_null]
      - name: amount
        data_tests:
          - not_null: {config: {severity: warn}}
  - name: totals
    columns:
      - name: total
        data_tests:
          - accepted_values: {name: total_is_41, values: [41]}
  - name: child
    columns:
      - name: id
        data_tests: [not_null]
unit_tests:
  - name: amounts_are_kept
    model: stg_orders
    given:
      - input: ref('raw_orders')
        rows: [{id: 1, amount: 2}]
    expect: {rows: [{id: 1, amount: 2}]}
exposures:
  - name: board
    type: dashboard
    owner: {name: Ann, email: ann@example.com}
    depends_on: [ref('totals')]
""",
}
"""One of everything: a warning test, a failing test that gates a model, a broken model with descendants."""


def write_project(folder: Path, files: dict[str, str] | None = None) -> Path:
    """A project of these files, with a profile on a DuckDB file of its own."""
    standard = {"dbt_project.yml": PROJECT, "profiles.yml": PROFILES, "models/orders.sql": "select 1 as id"}
    for name, content in {**standard, **(files or {})}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return folder


def write_shop(folder: Path) -> Path:
    """The project with one of everything."""
    return write_project(folder, {"models/orders.sql": "select 1 as id", **SHOP})
