-- How much of what was committed in the quarter did AI agents write, or help to write?
--
-- Commits of AI agents, and commits that disclose the help of one, by all commits that
-- are no merge. A commit discloses it in a co-author, an Assisted-by or another trailer,
-- a footer such as Generated with, a note of refs/notes/ai, or in a commit that it
-- squashed. The settings state who is an AI agent and what is a mark. A commit that
-- several repositories have counts once in a project.
--
-- Bias: A lower bound: help that nobody disclosed is not seen.
--
-- title: AI agent share
-- title_ko: AI 에이전트 비율
-- position: 630
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
    ai_written_commit_count as numerator,
    commit_count as denominator
from intermediate.kpi_people
