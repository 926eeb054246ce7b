-- KPIs and the other marts have equal counts: of commits, their lines, issues and change
-- requests as they count.
with

rows_now as (

    select
        kpi,
        project,
        source,
        quarter,
        count(*) filter (where reason = 'counted') as kpi_count,
        sum(value) filter (where reason = 'counted') as total,
        count(*) filter (where reason = 'outside_active_period') as outside_count
    from figures.kpi_rows
    where
        kpi in (
            'commits', 'lines_changed', 'issues_closed', 'issues_remaining',
            'change_requests_merged'
        )
    group by kpi, project, source, quarter

),

expected as (

    select
        unnest(['commits', 'lines_changed']) as kpi,
        project,
        source,
        quarter,
        unnest([commit_count, lines_added + lines_deleted]) as expected_count
    from marts.velocity_quarterly

    union all

    select
        unnest(['issues_closed', 'issues_remaining']) as kpi,
        project,
        source,
        quarter,
        unnest([closed_count, open_at_end_count]) as expected_count
    from marts.issue_closure_quarterly

    union all

    select
        'change_requests_merged' as kpi,
        project,
        source,
        quarter,
        coalesce(merged_change_request_count, 0) as expected_count
    from marts.merge_lead_time_quarterly

),

compared as (

    select
        expected.*,
        coalesce(
            if(expected.kpi = 'lines_changed', rows_now.total, rows_now.kpi_count), 0
        ) as kpi_count,
        coalesce(rows_now.outside_count, 0) as outside_count
    from expected
    left join rows_now
        on
            expected.kpi = rows_now.kpi
            and expected.project = rows_now.project
            and expected.source = rows_now.source
            and expected.quarter = rows_now.quarter

)

select * from compared
where expected_count != kpi_count and outside_count = 0
