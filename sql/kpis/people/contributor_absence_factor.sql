-- How few people together wrote half of the quarter's commits?
--
-- CHAOSS, contributor absence factor: the smallest number of contributors who made half
-- of the contributions. Bots and AI agents are excluded as for active contributors. A
-- commit that several repositories have counts once in a project.
--
-- Bias: Commits are not knowledge; who knows the code may have written none this
-- quarter.
--
-- title: Contributor absence factor
-- title_ko: 핵심 기여자 수(버스 팩터)
-- position: 610
-- unit: people
-- kind: half
-- better: higher
-- needs: commits
-- version: 3
select
    project,
    source,
    quarter,
    subject_type,
    subject_id,
    person,
    happened_at,
    reason,
    counts_in,
    value
from kpis.active_contributors
