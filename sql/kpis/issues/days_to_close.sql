-- How long did the issues that were closed in the quarter take from opening to closing?
--
-- Over closings, in the quarter of the closing; from the opening, also if it was
-- reopened in between.
--
-- Bias: Issues still open are not in it: a team that closes only fresh issues looks
-- fast. Compare it with the issues remaining.
--
-- title: Days to close
-- title_ko: 이슈 처리 기간
-- position: 240
-- unit: days
-- kind: median
-- better: lower
-- needs: tracker
-- version: 2
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
    reason,
    close_seconds as value
from intermediate.kpi_closings
