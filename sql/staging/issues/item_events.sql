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
    coalesce(
        renames.logins_by_id[events.actor_id],
        renames.logins[events.actor_login],
        events.actor_login
    ) as actor_login,
    events.happened_at,
    coalesce(renames.labels[events.label], events.label) as label,
    coalesce(renames.milestones[events.milestone_title], events.milestone_title) as milestone_title,
    coalesce(renames.logins[events.subject_login], events.subject_login) as subject_login,
    events.old_value,
    events.new_value,
    events.commit_hash,
    events.closing_item_id,
    events.state_reason
from raw.item_events_current as events
inner join staging.trackers as trackers on events.source = trackers.tracker_source
left join staging.renames as renames on events.source = renames.tracker_source
where not events.is_deleted
