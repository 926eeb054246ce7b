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
    -- DuckDB 1.5 subtracts without room for one more digit.
    (after::decimal(38, 6) - before)::double as change_in_unit,
    round(change_in_unit / nullif(abs(before), 0) * 100, 6) as change_percent,
    coalesce(better, 'neither') as better,
    measured_on,
    link,
    note
from staging.ledger_measurements
