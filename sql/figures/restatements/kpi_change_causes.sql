-- What became of the things behind the rows of a sealed quarter that changed since, as
-- far as it is known.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
with

causes as (

    select * from figures.kpi_commit_causes
    union all
    select * from figures.kpi_item_causes
    union all
    select * from figures.kpi_ledger_causes

)

select
    changes.*,
    causes.cause
from figures.kpi_changes as changes
left join causes
    on
        changes.kpi = causes.kpi
        and changes.project = causes.project
        and changes.source = causes.source
        and changes.quarter = causes.quarter
        and changes.subject_type = causes.subject_type
        and changes.subject_id = causes.subject_id
