-- How many different subjects count in the KPIs that ask for it, and how few of them
-- make half of the whole.
--
-- grain: stage, kpi, project, source, period
with

counted as (

    select
        stage,
        kpi,
        project,
        source,
        quarter,
        year,
        subject_id,
        counts_in_all,
        sum(value) as amount
    from steps.kpi_staged_rows
    where is_counted and kind in ('distinct', 'half')
    group by
        stage, kpi, project, source, quarter, year, subject_id, counts_in_all

),

scoped as (

    select * from counted

    union all

    select * replace ('*' as source) from counted

    union all

    select * replace ('*' as project, '*' as source) from counted
    where counts_in_all

),

dated as (

    select
        *,
        unnest([quarter, year]) as period
    from scoped

),

amounts as (

    select
        stage,
        kpi,
        project,
        source,
        period,
        subject_id,
        sum(amount) as amount
    from dated
    group by stage, kpi, project, source, period, subject_id

),

ranked as (

    select
        *,
        sum(amount) over in_order - amount as amount_before,
        sum(amount) over (partition by stage, kpi, project, source, period) as total
    from amounts
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
