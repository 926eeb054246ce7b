-- Measurements in ledgers, at their newest version.
--
-- A row without a project belongs to the project with its ledger's name.
--
-- grain: source, measurement_id
select
    measurements.source,
    coalesce(measurements.project, ledgers.name) as project,
    measurements.measurement_id,
    measurements.measure,
    measurements.measure_ko,
    measurements.unit,
    measurements.before,
    measurements.after,
    measurements.better,
    measurements.measured_on,
    measurements.link,
    measurements.note
from raw.ledger_measurements_current as measurements
inner join staging.ledgers as ledgers on measurements.source = ledgers.source
where not measurements.is_deleted
