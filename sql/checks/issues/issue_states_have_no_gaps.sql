-- An issue's states have no gaps and do not overlap, and each differs from the previous
-- one.
with

neighbours as (

    select
        source,
        tracker_source,
        issue_number,
        state_number,
        state,
        began_by,
        ended_by,
        valid_from_at,
        valid_to_at,
        lead(state) over in_order as next_state,
        lead(valid_from_at) over in_order as next_from_at,
        lead(began_by) over in_order as next_began_by
    from facts.issue_states
    window
        in_order as (
            partition by tracker_source, issue_number
            order by state_number
        )

)

select * from neighbours
where
    valid_to_at < valid_from_at
    or state = next_state
    or valid_to_at != next_from_at
    or (next_state is not null and ended_by is distinct from next_began_by)
    or (state_number = 1) != (began_by in ('opened', 'moved_in'))
    or (valid_to_at is null) != (ended_by is null)
