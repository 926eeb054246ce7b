-- How many people wrote a commit in the quarter?
--
-- A person counts once in a project and once in all of them, however many repositories
-- they wrote to. Co-authors do not count.
--
-- Bias: People who review, report or plan are not seen; somebody with two unmapped
-- addresses counts twice.
--
-- title: Active contributors
-- title_ko: 활동 기여자
-- position: 130
-- unit: people
-- kind: distinct
-- better: neither
-- needs: commits
-- version: 2
select
    project,
    source,
    quarter,
    subject_type,
    person as subject_id,
    person,
    last_commit_at as happened_at,
    human_reason as reason,
    counts_in,
    commit_count as value
from intermediate.kpi_people
