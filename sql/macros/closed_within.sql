-- How many of the issues opened in each quarter were first closed within some days; null until
-- all of them were observed for so long. The same issues as in issue_closure_quarterly.
-- noqa: disable=RF02,RF03
create or replace macro marts.closed_within(days) as table
    select
        cohorts.project,
        cohorts.source,
        cohorts.quarter,
        count(*) as opened_count,
        case
            when
                bool_and(coalesce(
                    batches.last_observed_at >= quarters.ends_at + days * interval 24 hours, false
                ))
                then count(*) filter (where cohorts.first_close_seconds <= days * 86400)
        end as closed_count,
        closed_count / nullif(count(*), 0) as closed_ratio
    from intermediate.issue_cohorts as cohorts
    inner join settings.quarters as quarters on cohorts.quarter = quarters.quarter
    left join staging.batches as batches on cohorts.tracker_source = batches.source
    group by cohorts.project, cohorts.source, cohorts.quarter
    order by cohorts.project, cohorts.source, cohorts.quarter;
