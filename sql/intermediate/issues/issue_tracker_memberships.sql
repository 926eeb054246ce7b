-- Since when, and until when, each issue has been in its tracker.
--
-- An issue is here from its opening, or from the last transfer that brought it. It
-- leaves with a transfer or conversion event; else, where its fields name the place it
-- was moved to, with its closing; else when a poll first found it deleted, which may be
-- long after.
--
-- grain: tracker_source, issue_number
with

issues as (

    select * from staging.issues
    where created_at is not null

),

moves as (

    select
        tracker_source,
        item_number as issue_number,
        max(happened_at) filter (where event_kind = 'transferred_in') as arrived_at,
        max(happened_at) filter (where event_kind in ('transferred_out', 'converted'))
            as departed_at
    from facts.item_events
    where item_kind = 'issue'
    group by tracker_source, item_number

),

joined as (

    select
        issues.source,
        issues.tracker_source,
        issues.issue_number,
        coalesce(moves.arrived_at, issues.created_at) as here_from_at,
        if(moves.arrived_at is null, 'opened', 'moved_in') as began_by,
        if(moves.arrived_at is null, 'opening', 'event') as here_from_evidence,

        case
            when moves.departed_at >= here_from_at then 'event'
            when issues.moved_to is not null and issues.state = 'closed'
                then 'state_field'
            when issues.gone_noticed_at is not null then 'tombstone'
        end as here_to_evidence,
        case here_to_evidence
            when 'event' then moves.departed_at
            when 'state_field' then coalesce(issues.closed_at, issues.stated_at)
            when 'tombstone' then issues.gone_noticed_at
        end as departed_at,
        case
            when here_to_evidence != 'tombstone' or issues.fate = 'transferred'
                then 'moved_out'
            when here_to_evidence is not null then 'deleted'
        end as ended_by
    from issues
    left join moves
        on
            issues.tracker_source = moves.tracker_source
            and issues.issue_number = moves.issue_number

),

stays as (

    select
        * exclude (departed_at),
        -- What a move closes is closed a moment before it or after.
        departed_at
        - if(here_to_evidence = 'tombstone', interval 0 minute, interval 1 minute)
            as heard_until_at,
        case when departed_at is not null then greatest(departed_at, here_from_at) end
            as here_to_at
    from joined

)

select * from stays
