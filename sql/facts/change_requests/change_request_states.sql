-- The intervals in which each change request was open, abandoned or merged.
--
-- The current state has no end, unless the change request was deleted. Nothing follows a
-- merge.
--
-- grain: tracker_source, change_request_number, state_number
-- export: by quarter
-- made: as a view
with

states as (

    select
        requests.source,
        turns.tracker_source,
        turns.change_request_number,
        case turns.state when 'closed' then 'abandoned' else 'open' end as change_request_state,
        turns.valid_from as valid_from_at,
        least(turns.valid_to, requests.merged_at, requests.gone_noticed_at) as valid_to_at
    from intermediate.change_request_states as turns
    inner join facts.change_requests as requests
        on
            turns.tracker_source = requests.tracker_source
            and turns.change_request_number = requests.change_request_number
    where coalesce(turns.valid_from < requests.merged_at, true)

    union all

    select
        source,
        tracker_source,
        change_request_number,
        'merged' as change_request_state,
        merged_at as valid_from_at,
        gone_noticed_at as valid_to_at
    from facts.change_requests
    where merged_at is not null

)

select
    states.source,
    states.tracker_source,
    states.change_request_number,
    row_number() over (
        partition by states.tracker_source, states.change_request_number
        order by states.valid_from_at, states.change_request_state = 'merged'
    ) as state_number,

    states.change_request_state,

    states.valid_from_at,
    states.valid_to_at,
    quarters.quarter,
    quarters.starts_on as quarter_starts_on
from states
left join staging.quarter_years as quarters
    on
        year(states.valid_from_at) = quarters.in_year
        and states.valid_from_at >= quarters.starts_at
        and states.valid_from_at < quarters.ends_at
