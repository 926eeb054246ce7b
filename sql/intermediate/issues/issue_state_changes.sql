-- What each issue's state turned to, or was said to turn to once more, in one order.
--
-- Its opening or arrival, the events, the state field where they say too little, and
-- its leaving, in this order where they share an instant; a repetition of the state
-- that holds has no effect.
--
-- grain: tracker_source, issue_number, change_number
with

changes as (

    select
        stays.source,
        stays.tracker_source,
        stays.issue_number,
        1 as place,
        coalesce(arg_max(events.state, events.event_number), 'open') as state,
        stays.began_by as turn,
        stays.here_from_evidence as evidence,
        stays.here_from_at as happened_at
    from intermediate.issue_tracker_memberships as stays
    left join intermediate.issue_state_events as events
        on
            stays.tracker_source = events.tracker_source
            and stays.issue_number = events.issue_number
            and events.is_before_arrival
    group by all

    union all by name

    select
        * exclude (is_before_arrival),
        2 as place,
        if(state = 'closed', 'closed', 'reopened') as turn,
        'event' as evidence
    from intermediate.issue_state_events
    where not is_before_arrival

    union all by name

    select
        *,
        3 as place,
        if(state = 'closed', 'closed', 'reopened') as turn,
        'state_field' as evidence
    from intermediate.issue_states_by_field

    union all by name

    select
        source,
        tracker_source,
        issue_number,
        4 as place,
        'gone' as state,
        ended_by as turn,
        here_to_evidence as evidence,
        here_to_at as happened_at
    from intermediate.issue_tracker_memberships
    where here_to_at is not null

)

select
    source,
    tracker_source,
    issue_number,
    row_number() over in_order as change_number,
    turn,
    state,
    (state is distinct from lag(state) over in_order) as is_effective,
    evidence,
    event_id,
    happened_at as changed_at
from changes
window
    in_order as (
        partition by tracker_source, issue_number
        order by happened_at, place, event_number
    )
