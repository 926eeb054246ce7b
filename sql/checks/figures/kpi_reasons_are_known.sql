-- Every evidence row has a reason, and every reason a meaning. A seal may have reasons of
-- an earlier version.
select
    evidence.kpi,
    evidence.reason,
    count(*) as row_count
from figures.kpi_evidence as evidence
left join settings.reasons as reasons on evidence.reason = reasons.reason
where reasons.reason is null and not evidence.is_sealed
group by evidence.kpi, evidence.reason
