-- Every issue that was found is a fact, has states, and was opened in one quarter.
select
    found.tracker_source,
    found.issue_number,
    found.created_at,
    issues.quarter,
    states.valid_from_at
from staging.issues as found
left join facts.issues as issues
    on
        found.tracker_source = issues.tracker_source
        and found.issue_number = issues.issue_number
left join facts.issue_states as states
    on
        found.tracker_source = states.tracker_source
        and found.issue_number = states.issue_number
        and states.state_number = 1
left join settings.quarters as quarters on issues.quarter = quarters.quarter
where
    issues.issue_number is null
    or (found.created_at is not null) != (states.issue_number is not null)
    or (found.created_at is not null) != (issues.quarter is not null)
    or found.created_at < quarters.starts_at
    or found.created_at >= quarters.ends_at
