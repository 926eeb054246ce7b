-- The commit that each cherry-picked commit names as its original.
--
-- `git cherry-pick -x` adds a line to the message each time; the first one is of the
-- original.
--
-- grain: source, commit_hash
with

picks as (

    select
        source,
        commit_hash,
        regexp_extract(body, '\(cherry picked from commit ([0-9a-f]{40,64})\)', 1)
            as picked_hash
    from raw.commits_known
    where body like '%(cherry picked from commit %'

)

select * from picks
where picked_hash != ''
