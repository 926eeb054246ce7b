-- How many lines were added and deleted in the quarter?
--
-- Over the commits that count as commits and, where a project has paths, over files in
-- them; binary files have no lines.
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
    commits.project,
    commits.source,
    commits.quarter,
    'commit' as subject_type,
    commits.commit_hash as subject_id,
    commits.subject_url,
    commits.person,
    commits.happened_at,
    commits.human_reason as reason,
    coalesce(lines.line_count, 0) as value
from intermediate.kpi_commits as commits
left join intermediate.project_commit_lines as lines
    on
        commits.project = lines.project
        and commits.source = lines.source
        and commits.commit_hash = lines.commit_hash
