-- How much of what was committed in the quarter did bots write?
--
-- Commits of bots, by all commits that are no merge. Who is one, the rules on people
-- say.
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
-- version: 2
select
    project,
    source,
    quarter,
    'person' as subject_type,
    person as subject_id,
    person,
    last_commit_at as happened_at,
    reason,
    bot_commit_count as numerator,
    commit_count as denominator
from intermediate.kpi_people
