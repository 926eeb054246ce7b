-- How long merged work took in each repository and quarter, from first written to
-- merged.
--
-- The merge lead times are those that count in the KPI lead_time, by the rules of the
-- project: of change requests, or without a tracker of merges. The figures named git are
-- those of the history alone: of the merge commits on the first-parent chain of the
-- default branch, in the quarter in which they were merged. Merges that could not be
-- measured are unknown, and so are squash-like commits: when their work began, Git alone
-- cannot say. The figures of change requests are those of the tracker: of all that were
-- merged in the quarter and count by the rules of the project, those of an uncertain start
-- with the earlier end of its range. What their phases leave is unmeasured, so that the totals add
-- up. Where nothing was mined, or nothing could be measured, there are no hours, not zero
-- hours.
--
-- grain: project, source, quarter
-- export: by quarter
with

counted as (

    select lead_times.*
    from kpis.lead_time as lead_times
    left join intermediate.project_periods as periods
        on lead_times.project = periods.project
    where
        lead_times.reason = 'counted'
        and lead_times.happened_at >= coalesce(periods.active_from_at, '-infinity'::timestamptz)
        and lead_times.happened_at < coalesce(periods.active_until_at, 'infinity'::timestamptz)

),

lead_times as (

    select
        project,
        source,
        quarter,
        count(*) as lead_time_count,
        sum(value)::bigint / count(*) / 3600 as mean_hours,
        quantile_cont(value, 0.5) / 3600 as median_hours,
        quantile_cont(value, 0.75) / 3600 as p75_hours,
        quantile_cont(value, 0.9) / 3600 as p90_hours,
        min(value) / 3600 as min_hours,
        max(value) / 3600 as max_hours
    from counted
    group by project, source, quarter

)

select
    owned.project,
    quarters.source,
    quarters.quarter,
    quarters.quarter_starts_on,
    quarters.is_complete,

    coalesce(lead_times.lead_time_count, 0) as lead_time_count,
    lead_times.mean_hours as mean_merge_lead_time_hours,
    lead_times.median_hours as median_merge_lead_time_hours,
    lead_times.p75_hours as p75_merge_lead_time_hours,
    lead_times.p90_hours as p90_merge_lead_time_hours,
    lead_times.min_hours as min_merge_lead_time_hours,
    lead_times.max_hours as max_merge_lead_time_hours,

    landed.merge_count,
    landed.measured_count,
    landed.squash_like_count,
    landed.unknown_count,
    landed.mean_git_merge_lead_time_hours,
    landed.median_git_merge_lead_time_hours,
    landed.p75_git_merge_lead_time_hours,
    landed.p90_git_merge_lead_time_hours,
    landed.min_git_merge_lead_time_hours,
    landed.max_git_merge_lead_time_hours,

    requests.merged_change_request_count,
    requests.measured_change_request_count,
    requests.uncertain_change_request_count,
    requests.unknown_change_request_count,
    requests.mean_change_request_lead_time_hours,
    requests.median_change_request_lead_time_hours,
    requests.p75_change_request_lead_time_hours,
    requests.p90_change_request_lead_time_hours,
    requests.median_coding_hours,
    requests.median_pickup_hours,
    requests.median_review_hours,
    requests.median_merge_hours,
    requests.total_lead_time_seconds,
    requests.total_coding_seconds,
    requests.total_pickup_seconds,
    requests.total_review_seconds,
    requests.total_merge_seconds,
    requests.total_unmeasured_seconds
from intermediate.source_quarters as quarters
inner join facts.project_repositories as owned
    on quarters.source = owned.source and owned.is_whole
left join lead_times
    on
        owned.project = lead_times.project
        and quarters.source = lead_times.source
        and quarters.quarter = lead_times.quarter
left join intermediate.merge_quarters as landed
    on quarters.source = landed.source and quarters.quarter = landed.quarter
left join intermediate.change_request_quarters as requests
    on
        owned.project = requests.project
        and quarters.source = requests.source
        and quarters.quarter = requests.quarter
