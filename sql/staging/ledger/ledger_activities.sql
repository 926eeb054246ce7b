-- Activities in ledgers other than writing code, at their newest version.
--
-- A row without a project belongs to the project with its ledger's name.
--
-- grain: source, activity_id
select
    activities.source,
    coalesce(activities.project, ledgers.name) as project,
    activities.activity_id,
    activities.happened_on,
    activities.happened_until,
    activities.kind,
    activities.site,
    activities.title,
    activities.title_ko,
    activities.hours,
    activities.reported_quarter,
    activities.link,
    activities.note
from raw.ledger_activities_current as activities
inner join staging.ledgers as ledgers on activities.source = ledgers.source
where not activities.is_deleted
