-- Middleware's time to recovery, over our incidents, in the quarter of their end.
--
-- grain: project, source, incident
select
    'mean_time_to_recovery' as metric,
    project,
    unnest(if(counts_in_project, [source, '*'], [source])) as source,
    quarter,
    value
from figures.kpi_evidence
where kpi = 'mean_time_to_recovery' and is_counted
