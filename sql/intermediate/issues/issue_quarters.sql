-- The quarters of each repository's trackers in which it is known how many issues were
-- closed and open: all, once the trackers were completely polled; until then those in which
-- an issue that was read was open or closed.
--
-- grain: source, quarter
with

read_issues as (

    select distinct
        states.source,
        quarters.quarter
    from facts.issue_states as states
    inner join settings.quarters as quarters
        on
            states.valid_from_at < quarters.ends_at
            and coalesce(states.valid_to_at, 'infinity'::timestamptz) >= quarters.starts_at
            and (states.state = 'open' or states.valid_from_at >= quarters.starts_at)

)

select
    quarters.source,
    quarters.quarter,
    quarters.is_complete
from facts.tracker_quarters as quarters
left join intermediate.polled_trackers as polled on quarters.source = polled.source
left join read_issues
    on quarters.source = read_issues.source and quarters.quarter = read_issues.quarter
where polled.source is not null or read_issues.source is not null
