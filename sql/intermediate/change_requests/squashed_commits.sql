-- The commits that each stand for a whole change request, and when its work began, if
-- that is known.
--
-- The tracker decides where it has the number that the subject names: rebased commits
-- and backports name one too. Elsewhere Git alone does.
--
-- grain: source, commit_hash
with

merged as (

    select
        source,
        merge_commit_hash as commit_hash,
        min(work_started_at_earliest) as work_started_at
    from facts.change_requests
    where merge_method = 'squash'
    group by source, merge_commit_hash

),

of_git as (

    select
        commits.source,
        commits.commit_hash,
        null::timestamptz as work_started_at
    from facts.commits as commits
    inner join intermediate.merge_subjects as subjects
        on
            commits.source = subjects.source
            and commits.commit_hash = subjects.commit_hash
    anti join staging.items as items
        on
            commits.source = items.source
            and subjects.change_request_number = items.item_number
    anti join merged
        on
            commits.source = merged.source
            and commits.commit_hash = merged.commit_hash
    where commits.is_squash_like

)

select * from merged
union all
select * from of_git
