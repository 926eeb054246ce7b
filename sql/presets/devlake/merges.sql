-- Apache DevLake's pull requests merged, over our change requests.
--
-- Its engineering overview counts by month of UTC, from the first day to the first of
-- the next month, both included: who merged on such a day is in two months. A quarter
-- is the sum of its months.
--
-- grain: project, source, month, change request
with

months as (

    select
        quarter,
        unnest(generate_series(starts_on, ends_before - 1, interval 1 month))::date
            as month
    from settings.quarters

),

requests as (

    select
        project,
        source,
        timezone('UTC', happened_at)::date as merged_on
    from figures.kpi_evidence
    where kpi = 'change_requests_merged' and is_counted

)

select
    'change_requests_merged' as metric,
    requests.project,
    unnest([requests.source, '*']) as source,
    months.quarter,
    1 as value
from requests
inner join months
    on requests.merged_on between months.month and months.month + interval 1 month
