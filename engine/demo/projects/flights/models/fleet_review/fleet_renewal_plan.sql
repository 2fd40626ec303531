select
    fuel.carrier_code,
    sum(fuel.minutes_over_plan) as minutes_over_plan,
    (select count(*) from {{ ref('fleet_speed_classes') }} where speed_class < 3) as slow_models
from {{ ref('fleet_fuel_by_carrier') }} as fuel
group by fuel.carrier_code
