-- How many different subjects count in the KPIs that ask for it, and how few of them
-- make half of the whole.
--
-- grain: stage, kpi, project, source, period
with

counted as (

    select
        *,
        counts_in_all::varchar as in_all,
        counts_in_project::varchar as in_project,
        counts_in_repository::varchar as in_repository
    from figures.kpi_staged_rows
    where is_counted and kind in ('distinct', 'half')

),

amounts as (

    select
        stage,
        kpi,
        coalesce(project, '*') as project,
        coalesce(source, '*') as source,
        coalesce(quarter, year) as period,
        coalesce(in_all, in_project, in_repository) = 'false' as is_again,
        subject_id,
        sum(value) as amount
    from counted
    group by grouping sets (
        (stage, kpi, project, source, in_repository, quarter, subject_id),
        (stage, kpi, project, source, in_repository, year, subject_id),
        (stage, kpi, project, in_project, quarter, subject_id),
        (stage, kpi, project, in_project, year, subject_id),
        (stage, kpi, in_all, quarter, subject_id),
        (stage, kpi, in_all, year, subject_id)
    )

),

ranked as (

    select
        *,
        sum(amount) over in_order - amount as amount_before,
        sum(amount) over (partition by stage, kpi, project, source, period) as total
    from amounts
    where not is_again
    window
        in_order as (
            partition by stage, kpi, project, source, period
            order by amount desc, subject_id asc
            rows between unbounded preceding and current row
        )

)

select
    stage,
    kpi,
    project,
    source,
    period,
    count(*) as subject_count,
    count(*) filter (where amount_before * 2 < total) as half_count
from ranked
group by stage, kpi, project, source, period
