-- Apache DevLake's time to restore service, over our incidents, in the quarter of their
-- end.
--
-- grain: project, source, incident
select
    'mean_time_to_recovery' as metric,
    project,
    unnest([source, '*']) as source,
    quarter,
    seconds as value
from figures.compared_incidents
where seconds is not null
