-- Every observed issue is a fact, has states, and was opened in one quarter.
select
    staged.tracker_source,
    staged.issue_number,
    staged.created_at,
    issues.quarter,
    states.valid_from_at
from staging.issues as staged
left join facts.issues as issues
    on
        staged.tracker_source = issues.tracker_source
        and staged.issue_number = issues.issue_number
left join facts.issue_states as states
    on
        staged.tracker_source = states.tracker_source
        and staged.issue_number = states.issue_number
        and states.state_number = 1
left join settings.quarters as quarters on issues.quarter = quarters.quarter
where
    issues.issue_number is null
    or (staged.created_at is not null) != (states.issue_number is not null)
    or (staged.created_at is not null) != (issues.quarter is not null)
    or staged.created_at < quarters.starts_at
    or staged.created_at >= quarters.ends_at
