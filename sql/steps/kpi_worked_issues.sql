-- The issues that were open at some time in a quarter: whether anybody worked on them
-- in it, and whether that resolved them by its end.
--
-- Work is the issue's opening, closing or reopening, or any event or comment by
-- somebody who is no bot.
--
-- grain: tracker_source, issue_number, quarter
with

present as (

    select
        states.source,
        states.tracker_source,
        states.issue_number,
        quarters.quarter,
        bounds.ends_at,
        bool_or(states.state = 'open') as was_open,
        bool_or(states.valid_from_at >= bounds.starts_at) as has_changed,
        arg_max(states.state, states.state_number) as last_state,
        max(states.state_number) as last_state_number,
        arg_max(states.ended_by, states.state_number)
        filter (where states.valid_to_at < bounds.ends_at) as left_by,
        arg_max(states.valid_from_at, states.state_number) as last_changed_at
    from facts.issue_states as states
    inner join facts.tracker_quarters as quarters on states.source = quarters.source
    inner join settings.quarters as bounds
        on
            quarters.quarter = bounds.quarter
            and states.valid_from_at < bounds.ends_at
            and (states.valid_to_at is null or states.valid_to_at >= bounds.starts_at)
    group by
        states.source, states.tracker_source, states.issue_number,
        quarters.quarter, bounds.ends_at

),

touches as (

    select
        tracker_source,
        item_number as issue_number,
        quarter
    from facts.item_events
    where item_kind = 'issue' and coalesce(actor_account_kind, 'person') = 'person'

    union

    select
        comments.tracker_source,
        comments.item_number as issue_number,
        quarters.quarter
    from staging.comments as comments
    inner join settings.quarters as quarters
        on
            comments.created_at >= quarters.starts_at
            and comments.created_at < quarters.ends_at
    where comments.item_kind = 'issue' and comments.author_kind = 'person'

)

select
    present.*,
    present.has_changed or touches.issue_number is not null as was_worked_on
from present
left join touches
    on
        present.tracker_source = touches.tracker_source
        and present.issue_number = touches.issue_number
        and present.quarter = touches.quarter
where present.was_open
