-- The issues whose state field contradicts their events, and the instant of the change.
--
-- The field is used where it contradicts the last event and the tracker changed the
-- issue after that event. A closing happened at closed_at; where that is missing, or the
-- issue is open again, the change happened when the tracker was first observed to have
-- the state. A change at the instant when an issue leaves the tracker belongs to leaving.
--
-- grain: tracker_source, issue_number
with

last_events as (

    select
        tracker_source,
        issue_number,
        arg_max(state, event_number) as state,
        max(happened_at) filter (where not is_before_arrival) as last_event_at
    from intermediate.issue_state_events
    group by tracker_source, issue_number

),

contradicted as (

    select
        stays.*,
        issues.state,
        case when issues.state = 'closed' then issues.closed_at end as closed_at,
        coalesce(last_events.last_event_at, '-infinity'::timestamptz) as last_event_at
    from intermediate.issue_tracker_memberships as stays
    inner join staging.issues as issues
        on
            stays.tracker_source = issues.tracker_source
            and stays.issue_number = issues.issue_number
    left join last_events
        on
            stays.tracker_source = last_events.tracker_source
            and stays.issue_number = last_events.issue_number
    where
        issues.state != coalesce(last_events.state, 'open')
        and issues.stated_at > coalesce(last_events.last_event_at, '-infinity'::timestamptz)

),

contradictions as (

    select
        contradicted.*,
        min(versions.stated_at) as stated_at
    from contradicted
    inner join staging.item_versions as versions
        on
            contradicted.tracker_source = versions.tracker_source
            and contradicted.issue_number = versions.item_number
            and contradicted.state = versions.state
    where versions.item_kind = 'issue' and versions.stated_at > contradicted.last_event_at
    group by all

),

states_by_field as (

    select
        source,
        tracker_source,
        issue_number,
        state,
        greatest(
            here_from_at, if(closed_at >= last_event_at, closed_at, stated_at)
        ) as happened_at
    from contradictions
    where happened_at < coalesce(heard_until_at, 'infinity'::timestamptz)

)

select * from states_by_field
