-- No flight is lost on the way from the source to the daily totals.
select *
from (
    select
        (select sum(scheduled) from {{ ref('fct_airport_days') }}) as in_days,
        (select count(*) from {{ ref('stg_flights') }}) as in_source
)
where in_days <> in_source
