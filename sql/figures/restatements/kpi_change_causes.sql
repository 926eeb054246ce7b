-- What became of the things behind the rows of a sealed quarter that changed since, as
-- far as it is known.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
with

records (subject_type, record) as (

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
        case
            when coalesce(firsts.first_observed_at > observations.observed_at, true) then 'late'
            when firsts.is_deleted then 'deleted'
        end as cause
    from figures.kpi_changes as changes
    inner join records on changes.subject_type = records.subject_type
    left join sealed.observations as observations
        on changes.quarter = observations.quarter and changes.source = observations.source
    inner join staging.ledger_sightings as firsts
        on
            changes.source = firsts.source
            and records.record = firsts.record
            and changes.subject_id = firsts.record_key

),

causes as (

    select * from figures.kpi_commit_causes
    union all
    select * from figures.kpi_item_causes
    union all
    select * from kpi_ledger_causes

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
