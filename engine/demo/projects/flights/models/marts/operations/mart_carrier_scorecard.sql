with monthly as (
    select
        carrier_code,
        date_trunc('month', flight_date) as month,
        count(*) as scheduled,
        avg(case when outcome = 'cancelled' then 1 else 0 end) as cancelled_share,
        avg(case when arrival_delay < 15 then 1 when arrival_delay is not null then 0 end) as on_time_share,
        quantile_cont(arrival_delay, 0.9) as arrival_delay_p90,
        sum(inherited_delay) as inherited_delay_minutes
    from {{ ref('fct_flights') }}
    group by all
)

select
    monthly.*,
    airlines.carrier_name,
    rank() over (partition by month order by on_time_share desc) as rank_in_month,
    on_time_share - lag(on_time_share) over (partition by carrier_code order by month) as on_time_change
from monthly
join {{ ref('dim_airlines') }} as airlines using (carrier_code)
