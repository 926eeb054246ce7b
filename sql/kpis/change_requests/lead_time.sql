-- How long did merged work take from its first commit to its merge?
--
-- Over the change requests merged in the quarter, into any branch unless the project
-- names its branches, from the first trace of their work,
-- whatever was squashed or rebased later; where that is only known as a range, from its
-- earlier end, graded rewritten_after_open. In a repository without a tracker over the
-- merges on the first-parent chain, where a squash-like commit has no known start. What
-- git pull merged, and a merge of imported history, delivered nothing that was under way. A
-- merge that several repositories have counts once in a project and once in all of them.
--
-- Bias: Rewritten branches tend to look shorter than they were. Work that was never
-- merged is not in it.
--
-- title: Merge lead time
-- title_ko: 병합 리드 타임
-- position: 310
-- unit: hours
-- kind: median
-- better: lower
-- needs: work
-- version: 4
with

tracked as (

    select distinct source from facts.tracker_quarters

),

-- What landed in the repositories without a tracker: the merges on the first-parent
-- chain, and the commits that stand alone for a change request.
kpi_merges as (

    select
        commits.project,
        commits.source,
        commits.commit_hash,
        commits.subject_url,
        commits.person,
        commits.happened_at,
        commits.quarter,
        commits.counts_in,
        landings.merge_lead_time_seconds,
        case
            when commits.reason not in ('merge', 'counted') then commits.reason
            when landings.lead_time_reason in ('pull_merge', 'imported_history')
                then landings.lead_time_reason
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

)

select
    project,
    source,
    quarter,
    'change_request' as subject_type,
    subject_id,
    subject_url,
    person,
    happened_at,
    lead_time_evidence as grade,
    if(reason = 'counted' and lead_time_seconds is null, 'unknown_start', reason)
        as reason,
    null as counts_in,
    lead_time_seconds as value
from intermediate.kpi_change_requests

union all

select
    project,
    source,
    quarter,
    'commit' as subject_type,
    commit_hash as subject_id,
    subject_url,
    person,
    happened_at,
    null as grade,
    reason,
    counts_in,
    merge_lead_time_seconds as value
from kpi_merges
