-- Of the issues that were worked on in the quarter, how many were resolved at its end?
--
-- Worked on are the issues that were open in the quarter and that were opened, closed
-- or reopened in it, or on which a person did or wrote something. Resolved is closed at
-- the quarter's end, but neither as a duplicate nor as not planned: those are excluded.
-- A mention by a commit of somebody's fork is no work on the issue.
--
-- Bias: A comment is enough to count as worked on, so that a tidy tracker looks worse
-- than a silent one.
--
-- title: Issues resolved of those worked on
-- title_ko: 이슈 해결률
-- position: 210
-- unit: ratio
-- kind: ratio
-- better: higher
-- needs: tracker
-- version: 4
with

-- The issues on which somebody who is no bot and no AI agent did or wrote something in a
-- quarter. A deleted account was a person, as for reviews and responses.
issue_activity_quarters as (

    select
        tracker_source,
        item_number as issue_number,
        quarter
    from facts.item_events
    where
        item_kind = 'issue'
        and event_kind != 'referenced_elsewhere'
        and coalesce(actor_account_kind, 'person') in ('person', 'ghost')

    union

    select
        comments.tracker_source,
        comments.item_number as issue_number,
        quarters.quarter
    from staging.comments as comments
    inner join settings.quarters as quarters
        on
            comments.created_at >= quarters.starts_at
            and comments.created_at < quarters.ends_at
    left join intermediate.account_kinds as authors
        on
            split_part(comments.tracker_source, '/', 1) = authors.account_host
            and comments.author_login = authors.login
    where
        comments.item_kind = 'issue'
        and coalesce(authors.account_kind, 'person') in ('person', 'ghost')

)

select
    outcomes.project,
    outcomes.source,
    outcomes.quarter,
    'issue' as subject_type,
    outcomes.subject_id,
    outcomes.subject_url,
    if(outcomes.are_people_shown, issues.author_login, null) as person,
    if(outcomes.is_closed, outcomes.last_changed_at, null) as happened_at,
    case
        when outcomes.reason != 'counted' then outcomes.reason
        when not outcomes.has_changed_in_quarter and touches.quarter is null
            then 'not_worked_on'
        else 'counted'
    end as reason,
    outcomes.is_closed::bigint as numerator,
    1 as denominator
from intermediate.issue_outcomes as outcomes
inner join facts.issues as issues
    on
        outcomes.tracker_source = issues.tracker_source
        and outcomes.issue_number = issues.issue_number
left join issue_activity_quarters as touches
    on
        outcomes.tracker_source = touches.tracker_source
        and outcomes.issue_number = touches.issue_number
        and outcomes.quarter = touches.quarter
where outcomes.was_open_in_quarter
