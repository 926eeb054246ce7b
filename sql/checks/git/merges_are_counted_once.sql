-- Both marts count the same merges, and each merge on the chain in one quarter of its
-- project.
with

landed as (

    select
        source,
        quarter,
        count(*) as landed_count
    from facts."merges"
    where is_on_first_parent_chain and lead_time_reason != 'pull_merge'
    group by source, quarter

),

lead_times as (

    -- A repository without commits has nothing of Git to count.
    select * from marts.merge_lead_time_quarterly
    where merge_count is not null

),

marts as (

    select
        velocity.project,
        velocity.source,
        velocity.quarter,
        velocity.merge_count as velocity_merge_count,
        lead_time.merge_count as lead_time_merge_count,
        lead_time.measured_count + lead_time.unknown_count - lead_time.squash_like_count
            as explained_merge_count
    from marts.velocity_quarterly as velocity
    full outer join lead_times as lead_time
        on
            velocity.project = lead_time.project
            and velocity.source = lead_time.source
            and velocity.quarter = lead_time.quarter

)

select
    marts.*,
    landed.landed_count
from marts
left join landed on marts.source = landed.source and marts.quarter = landed.quarter
where
    marts.velocity_merge_count is distinct from coalesce(landed.landed_count, 0)
    or marts.lead_time_merge_count != coalesce(landed.landed_count, 0)
    or marts.explained_merge_count is distinct from coalesce(landed.landed_count, 0)
