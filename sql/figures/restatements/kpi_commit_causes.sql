-- What became of the commits behind the rows of a sealed quarter that changed since.
--
-- A commit of a source that was not polled before the seal is late. One that was seen on
-- another branch before the seal, and reached the default branch after it, landed late. One
-- that another repository has counted since, or no longer counts, is copied. One that was
-- known before the seal, and of which no more is known, is reached by the project now.
--
-- A revert is the commit behind an incident. A person's row changed with their commits.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id, thing_id
with

changes as (select * from figures.kpi_changes),

things as (

    select
        changes.*,
        facts.commit_hash,
        case
            when
                coalesce(
                    facts.first_observed_at > observations.observed_at,
                    facts.commit_hash is not null and observations.source is null
                )
                then 'late'
            when facts.on_default_branch_since_at > observations.observed_at then 'landed_late'
        end as observed
    from figures.kpi_changed_things as changes
    left join facts.commits as facts
        on
            changes.source = facts.source
            and changes.thing_id = facts.commit_hash
    left join sealed.observations as observations
        on changes.quarter = observations.quarter and changes.source = observations.source
    where changes.thing_type in ('commit', 'incident')

),

commits as (

    select
        things.kpi,
        things.project,
        things.source,
        things.quarter,
        things.subject_type,
        things.subject_id,
        things.thing_id,
        things.is_subject,
        changes.person,
        case
            when things.observed is not null then things.observed
            when things.thing_type = 'incident' then null
            when
                things.commit_hash is null
                or 'left_branch' in (changes.was_reason, changes.is_reason)
                then 'force_pushed'
            when changes.is_copied then 'copied'
            when changes.row_change = 'came' then 'reached'
        end as cause
    from things
    inner join changes
        on
            things.kpi = changes.kpi
            and things.project = changes.project
            and things.source = changes.source
            and things.quarter = changes.quarter
            and things.subject_type = changes.subject_type
            and things.subject_id = changes.subject_id

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
    thing_id,
    is_subject,
    cause
from commits

union all

select
    kpi,
    project,
    source,
    quarter,
    subject_type,
    subject_id,
    subject_id as thing_id,
    true as is_subject,
    cause
from people
