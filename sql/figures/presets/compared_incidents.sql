-- The incidents that other systems know of, issues and those of ledgers, with what their
-- figures are made from.
--
-- One that was open when its quarter was sealed, and ended later, is in two quarters; the
-- one in which it counts is its own.
--
-- grain: project, source, subject_id
-- made: as a view
select
    project,
    source,
    subject_id,
    grade,
    related_id as deployment_id,
    case when is_counted then value end as seconds,
    case when is_counted then happened_at - to_seconds(value) else happened_at end as opened_at,
    case when is_counted then happened_at end as resolved_at,
    quarter
from figures.kpi_evidence
where
    kpi = 'mean_time_to_recovery'
    and reason in ('counted', 'still_open')
    and (subject_id like '%#%' or source like '%#ledger')
qualify
    row_number() over (
        partition by project, source, subject_id
        order by not is_counted, happened_at desc, quarter desc
    ) = 1
