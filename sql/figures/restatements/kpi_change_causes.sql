-- What became of the things behind the rows of a sealed quarter that changed since, as
-- far as it is known.
--
-- What became of the subject of a row comes before what became of the incident or the
-- deployment that it names.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
with

records (thing_type, record) as (

    values
    ('task', 'ledger_tasks'), ('deployment', 'ledger_deployments'),
    ('incident', 'ledger_incidents'), ('activity', 'ledger_activities')

),

-- What became of the rows of ledgers behind the rows of a sealed quarter that changed
-- since.
kpi_ledger_causes as (

    select
        changes.kpi,
        changes.project,
        changes.source,
        changes.quarter,
        changes.subject_type,
        changes.subject_id,
        changes.thing_id,
        changes.is_subject,
        case
            when coalesce(firsts.first_observed_at > observations.observed_at, true) then 'late'
            when firsts.is_deleted then 'deleted'
        end as cause
    from figures.kpi_changed_things as changes
    inner join records on changes.thing_type = records.thing_type
    left join sealed.observations as observations
        on changes.quarter = observations.quarter and changes.source = observations.source
    inner join staging.ledger_sightings as firsts
        on
            changes.source = firsts.source
            and records.record = firsts.record
            and changes.thing_id = firsts.record_key

),

found as (

    select * from figures.kpi_commit_causes
    union all
    select * from figures.kpi_item_causes
    union all
    select * from figures.kpi_delivery_causes
    union all
    select * from kpi_ledger_causes

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
