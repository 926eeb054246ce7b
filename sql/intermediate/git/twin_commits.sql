-- The commits off the default branch that are the same change as one on it: a cherry-pick
-- of it, its original, or a copy with the same author, author time and subject.
--
-- grain: source, commit_hash, twin_hash
with

commits as (

    select * from facts.commits
    where not is_merge

),

pairs as (

    select
        source,
        unnest([commit_hash, picked_hash]) as commit_hash,
        unnest([picked_hash, commit_hash]) as twin_hash
    from staging.cherry_picks

    union

    select
        commits.source,
        commits.commit_hash,
        twins.commit_hash as twin_hash
    from commits
    inner join commits as twins
        on
            commits.source = twins.source
            and commits.is_on_default_branch
            and not twins.is_on_default_branch
            and commits.author_name = twins.author_name
            and commits.author_email = twins.author_email
            and commits.authored_at = twins.authored_at
            and commits.subject = twins.subject

)

select pairs.*
from pairs
inner join commits
    on
        pairs.source = commits.source
        and pairs.commit_hash = commits.commit_hash
        and commits.is_on_default_branch
inner join commits as twins
    on
        pairs.source = twins.source
        and pairs.twin_hash = twins.commit_hash
        and not twins.is_on_default_branch
