-- How long the merges of each repository and quarter took, by the history of Git alone.
--
-- grain: source, quarter
with

landed_merges as (

    select
        source,
        quarter,
        count(*) as merge_count,
        count(*) filter (where lead_time_reason = 'measured') as measured_count,
        count(*) filter (where lead_time_reason != 'measured') as unmeasured_count,

        sum(merge_lead_time_seconds)::bigint / count(merge_lead_time_seconds) / 3600
            as mean_hours,
        quantile_cont(merge_lead_time_seconds, 0.5) / 3600 as median_hours,
        quantile_cont(merge_lead_time_seconds, 0.75) / 3600 as p75_hours,
        quantile_cont(merge_lead_time_seconds, 0.9) / 3600 as p90_hours,
        min(merge_lead_time_hours) as min_hours,
        max(merge_lead_time_hours) as max_hours
    from facts."merges"
    where
        is_on_first_parent_chain
        and quarter is not null
        and lead_time_reason != 'pull_merge'
    group by source, quarter

),

squashes as (

    select
        source,
        quarter,
        count(*) as squash_like_count
    from facts.commits
    where is_squash_like and is_on_default_branch and quarter is not null
    group by source, quarter

),

merge_quarters as (

    select
        quarters.source,
        quarters.quarter,
        quarters.quarter_starts_on,

        coalesce(landed_merges.merge_count, 0) as merge_count,
        coalesce(landed_merges.measured_count, 0) as measured_count,
        coalesce(squashes.squash_like_count, 0) as squash_like_count,
        coalesce(landed_merges.unmeasured_count, 0)
        + coalesce(squashes.squash_like_count, 0) as unknown_count,

        landed_merges.mean_hours as mean_git_merge_lead_time_hours,
        landed_merges.median_hours as median_git_merge_lead_time_hours,
        landed_merges.p75_hours as p75_git_merge_lead_time_hours,
        landed_merges.p90_hours as p90_git_merge_lead_time_hours,
        landed_merges.min_hours as min_git_merge_lead_time_hours,
        landed_merges.max_hours as max_git_merge_lead_time_hours
    from facts.repository_quarters as quarters
    left join landed_merges
        on
            quarters.source = landed_merges.source
            and quarters.quarter = landed_merges.quarter
    left join squashes
        on quarters.source = squashes.source and quarters.quarter = squashes.quarter

)

select * from merge_quarters
