-- What landed in the repositories without a tracker: the merges on the first-parent
-- chain, and the commits that stand alone for a change request.
--
-- grain: project, source, commit_hash
with

tracked as (

    select distinct source from facts.tracker_quarters

)

select
    commits.project,
    commits.source,
    commits.commit_hash,
    commits.subject_url,
    commits.person,
    commits.happened_at,
    commits.quarter,
    landings.merge_lead_time_seconds,
    case
        when commits.reason not in ('merge', 'counted') then commits.reason
        when landings.merge_lead_time_seconds is null then 'unknown_start'
        else 'counted'
    end as reason
from intermediate.kpi_commits as commits
inner join facts.commits as found
    on commits.source = found.source and commits.commit_hash = found.commit_hash
left join facts."merges" as landings
    on commits.source = landings.source and commits.commit_hash = landings.merge_hash
anti join tracked on commits.source = tracked.source
where
    found.is_squash_like
    or (found.is_merge and found.mainline_number is not null)
