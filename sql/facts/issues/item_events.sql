-- The events of each issue and change request, as its tracker records them.
--
-- grain: tracker_source, item_kind, item_number, event_id
-- export: by quarter
with

events as (select * from staging.item_events),

item_events as (

    select
        events.source,
        events.tracker_source,
        events.item_kind,
        events.item_number,
        events.event_id,

        events.event_kind,
        events.native_kind,
        events.actor_login,
        actors.account_kind as actor_account_kind,
        events.label,
        events.milestone_title,
        events.subject_login,
        events.old_value,
        events.new_value,
        events.commit_hash,
        events.closing_item_id,
        events.state_reason,

        events.happened_at,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on
    from events
    left join intermediate.account_kinds as actors
        on
            split_part(events.tracker_source, '/', 1) = actors.account_host
            and events.actor_login = actors.login
    left join staging.quarter_years as quarters
        on
            year(events.happened_at) = quarters.in_year
            and events.happened_at >= quarters.starts_at
            and events.happened_at < quarters.ends_at

)

select * from item_events
