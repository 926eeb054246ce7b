-- What ledgers say that people did beside writing code, as it was last found.
--
-- A row that names no project belongs to one that is called like its ledger.
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
