-- The quarters after the end of a project, in the fiscal year in which it ended, in which
-- a KPI of the year so far keeps the project's rows of the quarter in which it ended.
--
-- grain: kpi, project, quarter
select
    kpis.kpi,
    projects.project,
    carried.quarter,
    lasts.quarter as last_quarter
from settings.projects as projects
inner join settings.quarters as lasts
    on
        projects.active_until >= lasts.starts_on
        and projects.active_until < lasts.ends_before
inner join settings.quarters as carried
    on lasts.fiscal_year = carried.fiscal_year and lasts.starts_on < carried.starts_on
inner join settings.kpis as kpis on kpis.span = 'year_to_date'
