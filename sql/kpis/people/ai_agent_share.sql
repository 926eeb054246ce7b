-- How much of what was committed in the quarter did AI agents write, or help to write?
--
-- Commits of AI agents, and of people who name one as co-author, by all commits that
-- are no merge. Who is one, the rules on people say.
--
-- Bias: Help that leaves no trace in author or trailers is not seen.
--
-- title: AI agent share
-- title_ko: AI 에이전트 비율
-- position: 630
-- unit: ratio
-- kind: ratio
-- better: neither
-- needs: commits
-- version: 1
select
    project,
    source,
    quarter,
    'person' as subject_type,
    person as subject_id,
    person,
    last_commit_at as happened_at,
    reason,
    ai_written_commit_count as numerator,
    commit_count as denominator
from intermediate.kpi_people
