{{ config(materialized='view') }}

select
    holidays.holiday,
    days.flight_date,
    days.flight_date - holidays.holiday_date as days_from_holiday,
    sum(days.scheduled) as scheduled,
    sum(days.late) / sum(days.scheduled) as late_share,
    sum(days.cancelled) / sum(days.scheduled) as cancelled_share
from {{ ref('holidays_2013') }} as holidays
join {{ ref('fct_airport_days') }} as days
    on days.flight_date between holidays.holiday_date - 3 and holidays.holiday_date + 3
group by all
