-- The issues of each project that were open at some time in a fiscal year until the end
-- of one of its quarters: how each stood at that end.
--
-- grain: project, tracker_source, issue_number, quarter
with

ends as (

    select
        states.tracker_source,
        states.issue_number,
        quarters.quarter,
        bounds.ends_at,
        bool_or(
            states.state = 'open'
            and (states.valid_to_at is null or states.valid_to_at >= bounds.starts_at)
        ) as was_open_in_quarter,
        bool_or(states.valid_from_at >= bounds.starts_at) as has_changed_in_quarter,
        arg_max(states.state, states.state_number) as last_state,
        arg_max(states.valid_from_at, states.state_number) as last_changed_at,
        arg_max_null(
            if(states.valid_to_at < bounds.ends_at, states.ended_by, null),
            states.state_number
        ) as left_by,
        max(states.state_number) as last_state_number
    from facts.tracker_quarters as quarters
    inner join settings.quarters as bounds on quarters.quarter = bounds.quarter
    inner join settings.quarters as firsts
        on bounds.fiscal_year = firsts.fiscal_year and firsts.fiscal_quarter = 1
    inner join facts.issue_states as states
        on
            quarters.source = states.source
            and bounds.ends_at > states.valid_from_at
            and (states.valid_to_at is null or firsts.starts_at <= states.valid_to_at)
    group by
        states.tracker_source, states.issue_number, quarters.quarter, bounds.ends_at
    having bool_or(states.state = 'open')

)

select
    looked_at.project,
    looked_at.source,
    looked_at.subject_id,
    looked_at.subject_url,
    looked_at.are_people_shown,
    ends.*,
    ends.last_state = 'closed' as is_closed,
    case
        when looked_at.left_out_reason is not null then looked_at.left_out_reason
        when ends.left_by = 'moved_out' then 'moved'
        when ends.left_by = 'deleted' then 'deleted'
        when closings.state_reason in ('duplicate', 'not_planned')
            then closings.state_reason
        else 'counted'
    end as reason
from ends
inner join intermediate.kpi_issues as looked_at
    on
        ends.tracker_source = looked_at.tracker_source
        and ends.issue_number = looked_at.issue_number
left join intermediate.kpi_closings as closings
    on
        looked_at.project = closings.project
        and ends.tracker_source = closings.tracker_source
        and ends.issue_number = closings.issue_number
        and ends.last_state_number = closings.state_number
