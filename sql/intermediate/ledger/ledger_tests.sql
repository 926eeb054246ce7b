-- The rounds of tests that ledgers tell of.
--
-- grain: project, source, activity_id
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
