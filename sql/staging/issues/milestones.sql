-- Every milestone at its newest version, with its fate if it was deleted.
--
-- A tracker that does not state when a milestone was closed changed it last, before the
-- first poll that saw it closed, at that instant or after.
--
-- grain: tracker_source, milestone_id
with

versions as (

    select
        *,
        max(batch) filter (where state = 'open') over (
            partition by source, milestone_id
        ) as last_open_batch
    from raw.milestones_known

),

closings as (

    select
        source,
        milestone_id,
        arg_min(least(updated_at, observed_at), batch) as closed_by
    from versions
    where state = 'closed' and batch > coalesce(last_open_batch, -1)
    group by source, milestone_id

)

select
    trackers.source,
    trackers.tracker_source,
    milestones.milestone_id,
    milestones.milestone_number,
    milestones.title,
    milestones.state,
    try_cast(milestones.start_on as date) as start_on,
    try_cast(milestones.due_on as date) as due_on,
    milestones.url,
    milestones.created_at,
    milestones.updated_at,
    case
        when milestones.state = 'closed'
            then coalesce(milestones.closed_at, closings.closed_by)
        else milestones.closed_at
    end as closed_at,
    milestones.fate,
    milestones.gone_noticed_at
from raw.milestones_current as milestones
inner join staging.trackers as trackers on milestones.source = trackers.tracker_source
left join closings
    on
        milestones.source = closings.source
        and milestones.milestone_id = closings.milestone_id
