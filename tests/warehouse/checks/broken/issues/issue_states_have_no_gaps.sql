-- An end before its start.
update facts.issue_states set
    valid_to_at = '2020-01-01'
where tracker_source = 'host/one#tracker' and issue_number = 2 and state_number = 1;
update facts.issue_states set
    valid_from_at = '2020-01-01'
where tracker_source = 'host/one#tracker' and issue_number = 2 and state_number = 2;

-- The same again.
update facts.issue_states set
    state = 'open'
where tracker_source = 'host/one#tracker' and issue_number = 2;

-- A gap.
update facts.issue_states set
    valid_to_at = valid_to_at - interval 1 hour
where tracker_source = 'host/one#tracker' and issue_number = 2 and state_number = 1;

-- Ended by another.
update facts.issue_states set
    ended_by = 'moved_out'
where tracker_source = 'host/one#tracker' and issue_number = 2 and state_number = 1;

-- A beginning that is none.
update facts.issue_states set
    began_by = 'reopened'
where tracker_source = 'host/one#tracker' and issue_number = 2 and state_number = 1;

-- Ended by something, and lasting.
update facts.issue_states set
    ended_by = 'closed'
where tracker_source = 'host/one#tracker' and issue_number = 2 and state_number = 3;

-- Lasting, and another after it.
update facts.issue_states set
    valid_to_at = null,
    ended_by = null
where tracker_source = 'host/one#tracker' and issue_number = 2 and state_number = 1;

-- Right: a beginning elsewhere.
update facts.issue_states set
    began_by = 'moved_in'
where tracker_source = 'host/one#tracker' and issue_number = 2 and state_number = 1;
