-- Commits that the default branch and any ref reach, and since when.
--
-- A version is recorded only when the value changed, so the newest one has the start of
-- its validity. A ref can only leave a commit that it reached before.
--
-- grain: source, commit_hash
with

versions as (

    select
        source,
        commit_hash,
        bool_or(is_reachable) filter (where scope = 'default_branch') as was_on_branch,
        arg_max(is_reachable, batch) filter (where scope = 'default_branch')
            as is_on_branch,
        arg_max(observed_at, batch) filter (where scope = 'default_branch')
            as branch_changed_at,
        bool_or(is_reachable) filter (where scope = 'any_ref') as was_on_any,
        arg_max(is_reachable, batch) filter (where scope = 'any_ref') as is_on_any,
        arg_max(observed_at, batch) filter (where scope = 'any_ref')
            as any_changed_at
    from raw.reachability_known
    group by source, commit_hash

),

reachability as (

    select
        source,
        commit_hash,
        coalesce(is_on_branch, false) as is_on_default_branch,
        case when is_on_branch then branch_changed_at end as on_default_branch_since_at,
        case when was_on_branch and not is_on_branch then branch_changed_at end
            as left_default_branch_at,
        coalesce(is_on_any, false) as is_reachable,
        case when was_on_any and not is_on_any then any_changed_at end
            as unreachable_since_at
    from versions

)

select * from reachability
