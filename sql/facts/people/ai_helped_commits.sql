-- The commits that disclose the help of an AI agent, in their message, trailers or notes, or
-- by the commits of the change request that was squashed into them.
--
-- An agent's own commits are here only if they disclose it too: author_kind of commits has
-- the others. Help that nobody discloses is not known.
--
-- grain: source, commit_hash
-- export: by quarter
-- made: as a view
select
    helped.source,
    helped.commit_hash,
    commits.author_person_id,
    commits.author_kind,
    commits.quarter,
    commits.quarter_starts_on
from intermediate.ai_helped_commits as helped
inner join facts.commits as commits
    on helped.source = commits.source and helped.commit_hash = commits.commit_hash
