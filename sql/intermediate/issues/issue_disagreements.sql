-- Where the fields of an issue and its events disagree.
--
-- grain: tracker_source, issue_number, reason
with

disagreements as (

    select
        tracker_source,
        issue_number,
        if(state = 'closed', 'closed_without_event', 'open_after_close_event') as reason
    from intermediate.issue_states_by_field

    union

    select
        tracker_source,
        issue_number,
        'repeated_state_event' as reason
    from intermediate.issue_state_changes
    where not is_effective and evidence = 'event'

    union

    select
        issues.tracker_source,
        issues.issue_number,
        'closed_at_differs_from_event' as reason
    from facts.issues as issues
    inner join staging.issues as found
        on
            issues.tracker_source = found.tracker_source
            and issues.issue_number = found.issue_number
    where
        found.state = 'closed'
        and issues.closing_evidence = 'event'
        and abs(date_diff('second', issues.closed_at, found.closed_at)) > 60

)

select * from disagreements
