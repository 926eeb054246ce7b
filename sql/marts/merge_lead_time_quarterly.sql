-- How long merged work took in each repository and quarter, from first written to
-- merged.
--
-- The first figures are those of Git: of the merge commits on the first-parent chain of
-- the default branch, in the quarter in which they were merged. Merges that could not
-- be measured are unknown, and so are squash-like commits: when their work began, Git
-- alone cannot say. The figures of change requests are those of the tracker: of all
-- that were merged in the quarter, however that was done, those of an uncertain start
-- with the earlier end of its range. What their phases leave is unmeasured, so that the
-- totals add up. Where nothing was mined, or nothing could be measured, there are no
-- hours, not zero hours.
--
-- grain: project, source, quarter
-- export: by quarter
with

lead_times as (

    select
        project_repositories.project,
        quarters.source,
        quarters.quarter,
        quarters.quarter_starts_on,
        quarters.is_complete,

        landed.merge_count,
        landed.measured_count,
        landed.squash_like_count,
        landed.unknown_count,
        landed.mean_merge_lead_time_hours,
        landed.median_merge_lead_time_hours,
        landed.p75_merge_lead_time_hours,
        landed.p90_merge_lead_time_hours,
        landed.min_merge_lead_time_hours,
        landed.max_merge_lead_time_hours,

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
    inner join facts.project_repositories as project_repositories
        on
            quarters.source = project_repositories.source
            and project_repositories.is_whole
    left join intermediate.merge_quarters as landed
        on quarters.source = landed.source and quarters.quarter = landed.quarter
    left join intermediate.change_request_quarters as requests
        on quarters.source = requests.source and quarters.quarter = requests.quarter

)

select * from lead_times
