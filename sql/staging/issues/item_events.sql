-- Events of issues and change requests that still exist, at their newest version.
--
-- grain: tracker_source, item_kind, item_number, event_id
select
    trackers.source,
    trackers.tracker_source,
    events.item_kind,
    events.item_number,
    events.event_id,
    events.event_kind,
    events.native_kind,
    events.actor_login,
    events.actor_kind,
    events.happened_at,
    events.label,
    events.milestone_title,
    events.subject_login,
    events.old_value,
    events.new_value,
    events.commit_hash,
    events.closing_item_id,
    events.state_reason
from raw.item_events_current as events
inner join staging.trackers as trackers on events.source = trackers.tracker_source
where not events.is_deleted
