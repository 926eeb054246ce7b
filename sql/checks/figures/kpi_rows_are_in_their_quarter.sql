-- An evidence row counts in the one quarter in which it happened.
select
    rows_now.kpi,
    rows_now.project,
    rows_now.source,
    rows_now.quarter,
    rows_now.subject_id,
    rows_now.happened_at
from figures.kpi_rows as rows_now
inner join settings.quarters as quarters on rows_now.quarter = quarters.quarter
where
    rows_now.happened_at < quarters.starts_at
    or rows_now.happened_at >= quarters.ends_at
