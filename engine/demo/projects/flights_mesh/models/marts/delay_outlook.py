"""Tomorrow's share of late departures for each carrier, by exponential smoothing."""

import typing as t
from datetime import datetime

import pandas as pd
from sqlglot import exp
from sqlmesh import ExecutionContext, model

WEIGHT_OF_LAST_DAY = 0.2


@model(
    "marts.delay_outlook",
    kind="FULL",
    cron="@daily",
    owner="flight_operations",
    description="The share of late departures to expect on the day after the last one, by carrier.",
    columns={
        "carrier_code": "text",
        "last_day": "date",
        "late_share": "double",
        "expected_late_share": "double",
        "days": "bigint",
    },
    depends_on=["marts.carrier_daily"],
    audits=[("number_of_rows", {"threshold": 10}), ("share_within_bounds", {"column": exp.column("expected_late_share")})],
)
def execute(
    context: ExecutionContext,
    start: datetime,
    end: datetime,
    execution_time: datetime,
    **kwargs: t.Any,
) -> pd.DataFrame:
    table = context.resolve_table("marts.carrier_daily")
    days = context.fetchdf(
        f"SELECT carrier_code, flight_date, late_share FROM {table} ORDER BY carrier_code, flight_date"
    )
    outlooks = []
    for carrier_code, history in days.groupby("carrier_code"):
        smoothed = history["late_share"].ewm(alpha=WEIGHT_OF_LAST_DAY).mean()
        outlooks.append(
            {
                "carrier_code": carrier_code,
                "last_day": history["flight_date"].iloc[-1],
                "late_share": float(history["late_share"].iloc[-1]),
                "expected_late_share": float(smoothed.iloc[-1]),
                "days": len(history),
            }
        )
    return pd.DataFrame(outlooks)
