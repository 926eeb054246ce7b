-- Every milestone at its newest version, with its fate if it was deleted.
--
-- grain: tracker_source, milestone_id
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
    milestones.closed_at,
    milestones.fate,
    milestones.gone_noticed_at
from raw.milestones_current as milestones
inner join staging.trackers as trackers on milestones.source = trackers.tracker_source
