{% snapshot aircraft_registry %}
{{ config(
    target_schema='history',
    unique_key='tail_number',
    strategy='check',
    check_cols=['manufacturer', 'model', 'engines', 'seats', 'engine_type'],
) }}
select * from {{ ref('stg_planes') }}
{% endsnapshot %}
