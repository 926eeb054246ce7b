-- How many times was an issue closed in the quarter?
--
-- Every closing counts in its own quarter, also if the issue was reopened later: a
-- later reopening never changes a past quarter (CHAOSS, Issues Closed, with reopened
-- issues as new). Until a tracker was completely polled there is a figure in the quarters
-- of the issues that were read.
--
-- Bias: Closing without solving counts too; the resolution ratio does not count that.
--
-- title: Issues closed
-- title_ko: 종료된 이슈
-- position: 150
-- unit: issues
-- kind: count
-- better: higher
-- needs: issues
-- version: 3
select
    project,
    source,
    quarter,
    'closing' as subject_type,
    subject_id,
    subject_url,
    person,
    happened_at,
    grade,
    reason
from intermediate.kpi_closings
