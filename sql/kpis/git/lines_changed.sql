-- How many lines were added and deleted in the quarter?
--
-- Over the commits that count as commits; binary files have no lines.
--
-- Bias: Generated files, vendored code and reformatting weigh as much as thought. Never
-- a measure of a person.
--
-- title: Lines changed
-- title_ko: 변경 라인 수
-- position: 120
-- unit: lines
-- kind: sum
-- better: neither
-- needs: commits
-- version: 2
select
    project,
    source,
    quarter,
    'commit' as subject_type,
    commit_hash as subject_id,
    subject_url,
    person,
    happened_at,
    human_reason as reason,
    coalesce(line_count, 0) as value
from intermediate.kpi_commits
