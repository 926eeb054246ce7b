-- How long each issue opened in its tracker stood open, as far as it could be observed: in
-- each project, those that count by its rules and were opened while it was active.
--
-- The time ends with the first closing, so that a reopening changes no quarter that is
-- over. Where there was none, it is censored: at the last complete poll of the tracker, or
-- when the issue left it.
--
-- grain: project, tracker_source, issue_number
with

observed as (

    select
        counted.project,
        issues.source,
        issues.tracker_source,
        issues.issue_number,
        lifecycles.first_close_seconds is not null as is_closed,
        coalesce(
            lifecycles.first_close_seconds,
            greatest(
                date_sub(
                    'second',
                    issues.opened_at,
                    least(
                        lifecycles.here_to_at,
                        coalesce(batches.last_observed_at, issues.opened_at)
                    )
                ),
                0
            )
        ) as observed_seconds,
        lifecycles.first_close_seconds,
        issues.response_seconds,
        batches.last_observed_at
        >= quarters.ends_at + interval 720 hours as is_observed_30_days,
        batches.last_observed_at
        >= quarters.ends_at + interval 2160 hours as is_observed_90_days,
        issues.quarter,
        issues.quarter_starts_on
    from facts.issues as issues
    inner join intermediate.counted_issues as counted
        on
            issues.tracker_source = counted.tracker_source
            and issues.issue_number = counted.issue_number
            and issues.opened_at >= counted.active_from_at
            and issues.opened_at < counted.active_until_at
    inner join intermediate.issue_lifecycles as lifecycles
        on
            issues.tracker_source = lifecycles.tracker_source
            and issues.issue_number = lifecycles.issue_number
    inner join staging.batches as batches on issues.tracker_source = batches.source
    inner join settings.quarters as quarters on issues.quarter = quarters.quarter
    where lifecycles.began_by = 'opened'

)

select * from observed
