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
        things.person,
        case
            when
                coalesce(
                    facts.first_observed_at > observations.observed_at,
                    facts.commit_hash is not null and observations.source is null
                )
                then 'late'
            when facts.on_default_branch_since_at > observations.observed_at then 'landed_late'
            when things.thing_type = 'incident' then null
            when
                facts.commit_hash is null
                or 'left_branch' in (things.was_reason, things.is_reason)
                then 'force_pushed'
            when things.is_copied then 'copied'
            when things.row_change = 'came' then 'reached'
        end as cause
    from figures.kpi_changed_things as things
    left join facts.commits as facts
        on
            things.source = facts.source
            and things.thing_id = facts.commit_hash
    left join sealed.observations as observations
        on things.quarter = observations.quarter and things.source = observations.source
    where things.thing_type in ('commit', 'incident')

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
    from figures.kpi_changes as changes
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
