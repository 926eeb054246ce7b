-- How much of what was committed in the quarter did bots write?
--
-- Commits of bots, by all commits that are no merge. Who is one, the rules on people
-- say. A commit that several repositories have counts once in a project.
--
-- Bias: A bot that signs like a person counts as one.
--
-- title: Bot share
-- title_ko: 봇 비율
-- position: 620
-- unit: ratio
-- kind: ratio
-- better: neither
-- needs: commits
-- version: 3
select
    project,
    source,
    quarter,
    subject_type,
    person as subject_id,
    person,
    last_commit_at as happened_at,
    reason,
    counts_in,
    bot_commit_count as numerator,
    commit_count as denominator
from intermediate.kpi_people
