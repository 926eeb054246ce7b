-- The tags as each was first seen: the commit that it named, when it was made, by whom.
--
-- A tag without a time or a tagger of its own has those of its commit.
--
-- grain: source, tag_name
select
    refs.source,
    regexp_replace(refs.ref_name, '^refs/tags/', '') as tag_name,
    refs.target_commit_hash as commit_hash,
    coalesce(tags.tagged_at, commits.committed_at) as tagged_at,
    coalesce(tags.tagger_person_id, commits.committer_person_id) as person
from facts.refs as refs
left join facts.tags as tags
    on refs.source = tags.source and refs.target_hash = tags.tag_hash
left join facts.commits as commits
    on refs.source = commits.source and refs.target_commit_hash = commits.commit_hash
where refs.ref_kind = 'tag' and refs.version_number = 1
