-- Every merge commit, with the commits that it brought in and their lead time.
--
-- A merge brought in the commits that it reaches and its first parent does not; of a pull
-- merge, its second parent. The work starts at the earliest author time of those that were
-- not imported; a wrong clock gives no lead time instead of a negative one. Only a merge
-- on the default branch has delivered its work, and a pull merge has delivered nothing.
--
-- grain: source, merge_hash
-- export: by quarter
with

joined as (

    select
        observed.source,
        observed.merge_hash,
        observed.is_on_first_parent_chain,
        commits.is_on_default_branch,
        commits.parent_count,
        observed.commit_count as brought_commit_count,
        observed.imported_count as imported_commit_count,

        commits.author_person_id as merger_person_id,
        commits.author_kind as merger_kind,

        observed.first_authored_at,
        observed.first_committed_at as branch_opened_at,
        commits.committed_at,
        commits.quarter,
        commits.quarter_starts_on,

        case
            when not commits.is_on_default_branch then 'not_on_default_branch'
            when observed.is_pull then 'pull_merge'
            when observed.commit_count is null then 'parent_not_mined'
            when observed.commit_count = 0 then 'brought_nothing'
            when commits.is_imported or observed.imported_count = observed.commit_count
                then 'imported_history'
            when commits.time_reason != 'ok' or observed.first_authored_at is null
                then 'unusable_time'
            when observed.first_authored_at > commits.committed_at then 'negative'
            else 'measured'
        end as lead_time_reason
    from graph."merges" as observed
    inner join facts.commits as commits
        on observed.source = commits.source and observed.merge_hash = commits.commit_hash

),

measured as (

    select
        *,
        case
            when lead_time_reason = 'measured'
                then date_sub('second', first_authored_at, committed_at)
        end as merge_lead_time_seconds,
        merge_lead_time_seconds / 3600 as merge_lead_time_hours,
        case
            when quarter is not null and branch_opened_at <= committed_at
                then date_sub('second', branch_opened_at, committed_at) / 3600
        end as branch_open_hours
    from joined

)

select * from measured
