{{ config(severity='warn') }}

select tail_number, age_years
from {{ ref('dim_aircraft') }}
where age_years < 0
