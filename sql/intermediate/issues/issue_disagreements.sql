-- Contradictions between the state of an issue by its fields and by its events, and
-- openings at no usable instant.
--
-- grain: tracker_source, issue_number, disagreement_kind
select
    tracker_source,
    issue_number,
    if(state = 'closed', 'closed_without_event', 'open_after_close_event') as disagreement_kind
from intermediate.issue_states_by_field

union

select
    tracker_source,
    issue_number,
    'repeated_state_event' as disagreement_kind
from intermediate.issue_state_changes
where not is_effective and evidence = 'event'

union

select
    issues.tracker_source,
    issues.issue_number,
    'closed_at_differs_from_event' as disagreement_kind
from facts.issues as issues
inner join staging.issues as fields
    on
        issues.tracker_source = fields.tracker_source
        and issues.issue_number = fields.issue_number
where
    fields.state = 'closed'
    and issues.closing_evidence = 'event'
    and abs(date_sub('second', issues.closed_at, fields.closed_at)) > 60

union

select
    tracker_source,
    issue_number,
    'unusable_created_at' as disagreement_kind
from staging.issues
where created_at is null
