-- The intervals in which each issue was open or closed, with the evidence of both ends.
--
-- The current state of an issue has no end. An issue that was transferred or deleted
-- has no current state.
--
-- grain: tracker_source, issue_number, state_number
-- export: by quarter
with

intervals as (

    select
        *,
        row_number() over in_order as state_number,
        lead(turn) over in_order as ended_by,
        lead(evidence) over in_order as valid_to_evidence,
        lead(changed_at) over in_order as valid_to_at
    from intermediate.issue_state_changes
    where is_effective
    window
        in_order as (
            partition by tracker_source, issue_number
            order by change_number
        )

),

issue_states as (

    select
        intervals.source,
        intervals.tracker_source,
        intervals.issue_number,
        intervals.state_number,

        intervals.state,
        intervals.turn as began_by,
        intervals.evidence as valid_from_evidence,
        intervals.event_id as began_by_event_id,
        intervals.ended_by,
        intervals.valid_to_evidence,

        intervals.changed_at as valid_from_at,
        intervals.valid_to_at,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on
    from intervals
    left join staging.quarter_years as quarters
        on
            year(intervals.changed_at) = quarters.in_year
            and intervals.changed_at >= quarters.starts_at
            and intervals.changed_at < quarters.ends_at
    where intervals.state != 'gone'

)

select * from issue_states
