-- The notes of refs/notes/ai that commits have now, and whether one names an AI agent.
--
-- A note of another form discloses help without a name.
--
-- grain: source, commit_hash
select
    source,
    commit_hash,
    coalesce(agents != '[]', true) as names_agent
from raw.ai_notes_current
where note_hash is not null
