-- How the open issues of each repository changed in each quarter, and how fast they
-- were closed: those that count by the project's rules, as in the KPIs.
--
-- What is open at the start, comes and goes adds up to what is open at the end, which
-- is at the last poll where the quarter is not over. In the quarter in which a project's
-- activity begins, the start is that of its activity; in the one in which it ends, what
-- came and went after it does not count. Every closing counts in its own
-- quarter, also if the issue was reopened later. The days to close are those of the
-- closings of the quarter; the survival median, the shares closed within some days and
-- the first responses are those of the issues opened in it, whose open ones are
-- censored at the last poll. Nothing to measure is no days, not zero days. Until a tracker
-- was completely polled there are the quarters of the issues that were read.
--
-- grain: project, source, quarter
-- export: by quarter
with

-- How long the closings of each repository and quarter had taken.
issue_closure_quarters as (

    select
        closings.project,
        closings.source,
        closings.quarter,
        sum(closings.close_seconds)::bigint / count(*) / 86400 as mean_days_to_close,
        quantile_cont(closings.close_seconds, 0.5) / 86400 as median_days_to_close,
        quantile_cont(closings.close_seconds, 0.9) / 86400 as p90_days_to_close
    from intermediate.kpi_closings as closings
    inner join intermediate.counted_issues as issues
        on
            closings.project = issues.project
            and closings.tracker_source = issues.tracker_source
            and closings.issue_number = issues.issue_number
            and closings.happened_at >= issues.active_from_at
            and closings.happened_at < issues.active_until_at
    where closings.quarter is not null
    group by closings.project, closings.source, closings.quarter

)

select
    flows.project,
    flows.source,
    flows.quarter,
    flows.quarter_starts_on,
    flows.is_complete,

    flows.open_at_start_count,
    flows.opened_count,
    flows.closed_count,
    flows.reopened_count,
    flows.moved_in_count,
    flows.moved_out_count,
    flows.deleted_count,
    flows.open_at_end_count,
    flows.closed_count / nullif(flows.opened_count, 0) as closure_ratio,

    closures.mean_days_to_close,
    closures.median_days_to_close,
    closures.p90_days_to_close,

    survival.survival_median_days_to_close,
    cohorts.closed_within_30_days_count,
    cohorts.closed_within_90_days_count,
    cohorts.closed_within_30_days_ratio,
    cohorts.closed_within_90_days_ratio,
    coalesce(cohorts.answered_count, 0) as answered_count,
    coalesce(cohorts.unanswered_count, 0) as unanswered_count,
    cohorts.median_first_response_hours
from intermediate.issue_flow_quarters as flows
semi join intermediate.item_quarters as known
    on
        flows.source = known.source
        and flows.quarter = known.quarter
        and known.needs = 'issues'
left join issue_closure_quarters as closures
    on
        flows.project = closures.project
        and flows.source = closures.source
        and flows.quarter = closures.quarter
left join intermediate.issue_survival_quarters as survival
    on
        flows.project = survival.project
        and flows.source = survival.source
        and flows.quarter = survival.quarter
left join intermediate.issue_cohort_quarters as cohorts
    on
        flows.project = cohorts.project
        and flows.source = cohorts.source
        and flows.quarter = cohorts.quarter
