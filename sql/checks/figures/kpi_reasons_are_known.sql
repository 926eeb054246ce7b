-- Every evidence row has a reason, and every reason a meaning.
select
    evidence.kpi,
    evidence.reason,
    count(*) as row_count
from figures.kpi_evidence as evidence
left join settings.reasons as reasons on evidence.reason = reasons.reason
where reasons.reason is null
group by evidence.kpi, evidence.reason
