-- Of the deliveries that were due in the quarter, how many came on time?
--
-- Deliveries are milestones with a due day, and what a ledger planned for a day, in the
-- quarter of that day. On time is closed before that day ended, in the settings' time
-- zone, or, where a deployment has the milestone's title as its tag, deployed before it
-- ended; of a ledger, deployed with success on that day or before.
--
-- Bias: Moving the due day on time makes everything punctual; the tracker keeps no
-- history of it.
--
-- title: Deployment schedule adherence
-- title_ko: 배포 일정 준수율
-- position: 520
-- unit: ratio
-- kind: ratio
-- better: higher
-- needs: evidence
-- version: 2
select
    *,
    'milestone' as subject_type,
    1 as denominator
from intermediate.due_milestones

union all by name

select
    project,
    source,
    quarter,
    'deployment' as subject_type,
    deployment_id as subject_id,
    link as subject_url,
    due_at as happened_at,
    reason,
    reported_quarter,
    is_on_time::bigint as numerator,
    1 as denominator
from intermediate.ledger_deliveries
