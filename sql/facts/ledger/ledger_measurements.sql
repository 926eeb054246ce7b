-- Measurements in ledgers: before and after a change, or once.
--
-- The change is in the unit of both values, and in percent of the value before.
--
-- grain: source, measurement_id
-- export: whole
select
    source,
    project,
    measurement_id,
    measure,
    measure_ko,
    unit as measurement_unit,
    before::double as before_value,
    after::double as after_value,
    (after - before)::double as change_in_unit,
    round((after - before)::double / nullif(abs(before), 0) * 100, 6) as change_percent,
    coalesce(better, 'neither') as better,
    measured_on,
    link,
    note
from staging.ledger_measurements
