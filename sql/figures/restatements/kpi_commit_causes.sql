-- What became of the commits behind the rows of a sealed quarter that changed since.
--
-- A commit of a source that was not polled before the seal is late. One that was seen on
-- another branch before the seal, and reached the default branch after it, landed late. One
-- that another repository has counted since, or no longer counts, is copied. One that was
-- known before the seal, and of which no more is known, is reached by the project now.
--
-- A person's row changed with their commits.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
with

changes as (select * from figures.kpi_changes),

commits as (

    select
        changes.kpi,
        changes.project,
        changes.source,
        changes.quarter,
        changes.subject_type,
        changes.subject_id,
        changes.person,
        case
            when
                coalesce(
                    facts.first_observed_at > observations.observed_at,
                    facts.commit_hash is not null and observations.source is null
                )
                then 'late'
            when facts.on_default_branch_since_at > observations.observed_at then 'landed_late'
            when
                facts.commit_hash is null
                or 'left_branch' in (changes.was_reason, changes.is_reason)
                then 'force_pushed'
            when changes.is_copied then 'copied'
            when changes.row_change = 'came' and facts.commit_hash is not null then 'reached'
        end as cause
    from changes
    left join facts.commits as facts
        on
            changes.source = facts.source
            and changes.subject_id = facts.commit_hash
    left join sealed.observations as observations
        on changes.quarter = observations.quarter and changes.source = observations.source
    where changes.subject_type = 'commit'

),

people as (

    select
        changes.kpi,
        changes.project,
        changes.source,
        changes.quarter,
        changes.subject_type,
        changes.subject_id,
        coalesce(
            min(commits.cause) filter (where commits.cause not in ('copied', 'reached')),
            min(commits.cause)
        ) as cause
    from changes
    inner join commits
        on
            commits.kpi = 'commits'
            and changes.project = commits.project
            and changes.source = commits.source
            and changes.quarter = commits.quarter
            and changes.subject_id = commits.person
    where starts_with(changes.subject_type, 'person')
    group by all

)

select
    kpi,
    project,
    source,
    quarter,
    subject_type,
    subject_id,
    cause
from commits

union all

select * from people
