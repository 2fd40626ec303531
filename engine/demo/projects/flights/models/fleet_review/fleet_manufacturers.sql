select manufacturer, count(*) as aircraft, round(avg(seats)) as seats, min(year_built) as oldest
from {{ ref('stg_planes') }}
group by manufacturer
