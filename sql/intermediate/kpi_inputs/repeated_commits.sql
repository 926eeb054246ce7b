-- The commits of forks, mirrors and other copies that count in another repository: of the
-- same project, or only of another one.
--
-- A commit counts where it counts at all, while the project is active, rather where the
-- whole repository is the project's, in one with a tracker, and in the one that was mined
-- first, so that a copy that is added later changes nothing.
--
-- grain: project, source, commit_hash
with

tracked as (select distinct source from staging.trackers),

candidates as (

    select
        commits.project,
        commits.source,
        commits.commit_hash,
        row(
            commits.human_reason != 'counted',
            coalesce(
                commits.happened_at < periods.active_from_at
                or commits.happened_at >= periods.active_until_at,
                false
            ),
            parts.has_paths,
            tracked.source is null,
            batches.first_observed_at,
            commits.source
        ) as precedence
    from intermediate.considered_commits as commits
    semi join intermediate.shared_commits as shared
        on commits.commit_hash = shared.commit_hash
    inner join staging.batches as batches on commits.source = batches.source
    inner join intermediate.project_parts as parts
        on commits.project = parts.project and commits.source = parts.source
    left join tracked on commits.source = tracked.source
    left join intermediate.project_periods as periods
        on commits.project = periods.project
    where commits.is_own

),

copies as (

    select
        project,
        source,
        commit_hash,
        settings.counts_in(commit_hash, project, source, precedence) as counts_in
    from candidates

)

select * from copies
where counts_in is not null
