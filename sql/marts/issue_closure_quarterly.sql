-- How the open issues of each repository changed in each quarter, and how fast they
-- were closed.
--
-- What is open at the start, comes and goes adds up to what is open at the end, which
-- is at the last poll where the quarter is not over. Every closing counts in its own
-- quarter, also if the issue was reopened later. The days to close are those of the
-- closings of the quarter; the survival median, the shares closed within some days and
-- the first responses are those of the issues opened in it, whose open ones are
-- censored at the last poll. Nothing to measure is no days, not zero days.
--
-- grain: project, source, quarter
-- export: by quarter
with

-- How long the closings of each repository and quarter had taken.
issue_closure_quarters as (

    select
        source,
        quarter,
        quarter_starts_on,
        sum(close_seconds)::bigint / count(*) / 86400 as mean_days_to_close,
        quantile_cont(close_seconds, 0.5) / 86400 as median_days_to_close,
        quantile_cont(close_seconds, 0.9) / 86400 as p90_days_to_close
    from intermediate.issue_closures
    where quarter is not null
    group by source, quarter, quarter_starts_on

),

closures as (

    select
        project_repositories.project,
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
    inner join facts.project_repositories as project_repositories
        on
            flows.source = project_repositories.source
            and project_repositories.is_whole
    left join issue_closure_quarters as closures
        on flows.source = closures.source and flows.quarter = closures.quarter
    left join intermediate.issue_survival_quarters as survival
        on flows.source = survival.source and flows.quarter = survival.quarter
    left join intermediate.issue_cohort_quarters as cohorts
        on flows.source = cohorts.source and flows.quarter = cohorts.quarter

)

select * from closures
