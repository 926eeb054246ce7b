-- How many commits were made in the quarter that have landed by now?
--
-- Commits of the project's branch that are no merge, in the quarter of the committer's
-- instant. What lands later still counts in that quarter; landed_at of commits and
-- landed_commit_count of velocity_quarterly state when it landed. Imported
-- history does not count, and neither do bots and AI agents where the rules say so, which
-- is the default. A commit that several repositories have, such as a fork and its original,
-- counts in each, but once in a project and once in all of them.
--
-- Bias: Activity, not productivity: squashing makes one commit of many, and small
-- commits count as much as large ones.
--
-- title: Commits
-- title_ko: 커밋
-- position: 110
-- unit: commits
-- kind: count
-- better: neither
-- needs: commits
-- version: 3
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
    counts_in
from intermediate.kpi_commits
