-- The quarters of each repository, from its first commit to its last poll.
--
-- Before the first commit of the default branch that was not imported there is nothing
-- to count. A later
-- quarter without commits is a true zero. A quarter is complete if the repository was
-- polled after its end.
--
-- grain: source, quarter
-- export: by quarter
with

commits as (

    select
        source,
        min(committed_at) as first_committed_at,
        max(committed_at) as last_committed_at
    from facts.commits
    where is_on_default_branch and quarter is not null and not is_imported
    group by source

),

quarters as (select * from settings.quarters),

repository_quarters as (

    select
        commits.source,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on,
        batches.last_observed_at >= quarters.ends_at as is_complete
    from commits
    inner join staging.batches as batches on commits.source = batches.source
    inner join quarters
        on
            commits.first_committed_at < quarters.ends_at
            and quarters.starts_at
            <= greatest(commits.last_committed_at, batches.last_observed_at)

)

select * from repository_quarters
