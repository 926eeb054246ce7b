-- The issues that were open at the end of a local day. A day after the last poll has those of
-- the last poll.
-- noqa: disable=RF02,RF03
create or replace macro marts.open_issues_on(day) as table
    with

    ends as (

        select timezone(zones.time_zone, (day::date + 1)::timestamp) as ends_at
        from (select any_value(time_zone) as time_zone from settings.quarters) as zones

    )

    select
        issues.source,
        issues.tracker_source,
        issues.issue_number,
        issues.title,
        issues.url,
        issues.opened_at,
        states.valid_from_at as open_since_at,
        epoch(ends.ends_at - issues.opened_at) / 86400 as open_days
    from ends
    inner join facts.issue_states as states
        on
            states.state = 'open'
            and ends.ends_at > states.valid_from_at
            and coalesce(ends.ends_at <= states.valid_to_at, true)
    inner join facts.issues as issues
        on
            states.tracker_source = issues.tracker_source
            and states.issue_number = issues.issue_number
    order by issues.tracker_source, issues.issue_number;
