-- What happened to issues and change requests, as it was last found.
--
-- grain: tracker_source, item_kind, item_number, event_id
with

newest as (

    select * from raw.item_events
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, item_kind, item_number, event_id
            order by batch desc
        ) = 1

),

item_events as (

    select
        trackers.source,
        trackers.tracker_source,
        newest.item_kind,
        newest.item_number,
        newest.event_id,
        newest.event_kind,
        newest.native_kind,
        newest.actor_login,
        newest.actor_kind,
        newest.happened_at,
        newest.label,
        newest.milestone_title,
        newest.subject_login,
        newest.old_value,
        newest.new_value,
        newest.commit_hash,
        newest.closing_item_id,
        newest.state_reason
    from newest
    inner join staging.trackers as trackers on newest.source = trackers.tracker_source
    anti join staging.gone as gone
        on
            newest.source = gone.tracker_source
            and gone.record = 'item_events'
            and gone.record_key
            = concat_ws('/', newest.item_kind, newest.item_number, newest.event_id)
            and newest.batch <= gone.batch

)

select * from item_events
