-- How many rounds of tests were finished in the quarter?
--
-- Closings of issues that the project's rules call a test, by label or by title, and the
-- test iterations among the activities of a ledger.
--
-- Bias: Tests that nobody writes an issue or a row for are not seen.
--
-- title: Test iterations
-- title_ko: 테스트 회차
-- position: 530
-- unit: iterations
-- kind: count
-- better: neither
-- needs: evidence
-- version: 3
with

-- The test iterations of ledgers.
ledger_tests as (

    select
        activities.project,
        activities.source,
        activities.quarter,
        activities.activity_id,
        activities.link,
        activities.reported_quarter,
        timezone(bounds.time_zone, activities.happened_on::timestamp) as happened_at
    from facts.ledger_activities as activities
    inner join settings.quarters as bounds on activities.quarter = bounds.quarter
    inner join staging.batches as looks on activities.source = looks.source
    where
        activities.activity_kind = 'test_iteration'
        and coalesce(happened_at, bounds.starts_at) <= looks.last_observed_at

)

select
    project,
    source,
    quarter,
    'closing' as subject_type,
    subject_id,
    subject_url,
    person,
    happened_at,
    case
        when reason != 'counted' then reason
        when state_reason in ('duplicate', 'not_planned') then state_reason
        else 'counted'
    end as reason
from intermediate.kpi_closings
where is_test

union all by name

select
    project,
    source,
    quarter,
    'activity' as subject_type,
    activity_id as subject_id,
    link as subject_url,
    happened_at,
    'counted' as reason,
    reported_quarter
from ledger_tests
