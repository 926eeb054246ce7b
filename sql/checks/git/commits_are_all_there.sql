-- Every observed commit is a fact, and every merge commit is a fact of merges.
select
    commits.source,
    commits.commit_hash,
    'facts.commits' as missing_from
from staging.commits as commits
anti join facts.commits as facts
    on commits.source = facts.source and commits.commit_hash = facts.commit_hash

union all

select
    commits.source,
    commits.commit_hash,
    'facts.merges' as missing_from
from staging.commits as commits
anti join facts."merges" as facts
    on commits.source = facts.source and commits.commit_hash = facts.merge_hash
where commits.parent_count > 1
