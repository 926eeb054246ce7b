-- What became of the things behind the rows of a sealed quarter that changed since, as
-- far as it is known.
--
-- What became of the subject of a row comes before what became of the incident or the
-- deployment that it names.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
with

found as (

    select * from figures.kpi_commit_causes
    union all
    select * from figures.kpi_item_causes
    union all
    select * from figures.kpi_record_causes

),

causes as (

    select
        kpi,
        project,
        source,
        quarter,
        subject_type,
        subject_id,
        arg_min(cause, (cause in ('copied', 'reached'), not is_subject, cause)) as cause
    from found
    where cause is not null
    group by kpi, project, source, quarter, subject_type, subject_id

)

select
    changes.*,
    case
        when causes.cause is null and changes.is_copied then 'copied'
        else causes.cause
    end as cause
from figures.kpi_changes as changes
left join causes
    on
        changes.kpi = causes.kpi
        and changes.project = causes.project
        and changes.source = causes.source
        and changes.quarter = causes.quarter
        and changes.subject_type = causes.subject_type
        and changes.subject_id = causes.subject_id
