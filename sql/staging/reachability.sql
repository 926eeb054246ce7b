-- Which commits the default branch reaches, and which any ref reaches, and since when.
--
-- A version is kept only when the answer changed, so the newest one says since when it
-- holds. A commit was left only by what had reached it before.
--
-- grain: source, commit_hash
with

scopes as (

    select
        source,
        commit_hash,
        scope,
        bool_or(is_reachable) as was_reachable,
        arg_max(is_reachable, batch) as is_reachable,
        arg_max(observed_at, batch) as changed_at
    from raw.reachability
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    group by source, commit_hash, scope

),

reachability as (

    select
        source,
        commit_hash,
        coalesce(bool_or(scope = 'default_branch' and is_reachable), false)
            as is_on_default_branch,
        max(changed_at) filter (where scope = 'default_branch' and is_reachable)
            as on_default_branch_since_at,
        max(changed_at)
        filter (where scope = 'default_branch' and was_reachable and not is_reachable)
            as left_default_branch_at,
        coalesce(bool_or(scope = 'any_ref' and is_reachable), false) as is_reachable,
        max(changed_at)
        filter (where scope = 'any_ref' and was_reachable and not is_reachable)
            as unreachable_since_at
    from scopes
    group by source, commit_hash

)

select * from reachability
