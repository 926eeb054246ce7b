-- The rows of sealed quarters that came, went or changed since, and why.
--
-- A cause of the row itself comes first: the work, or the incident or deployment that the
-- row names, was observed late, landed late, was force-pushed away, deleted, moved or
-- reopened. Else the calendar, the settings of its project, an identity or the definition
-- changed, or another repository counts the same commit. If none of them is it, the source
-- itself changed. A person who was forgotten is a cause that changes no figure.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
-- export: by quarter
-- formerly: facts.kpi_restated_rows
with

causes (cause_name, cause_number) as (

    values
    ('late', 1), ('landed_late', 2), ('force_pushed', 3), ('deleted', 4), ('moved', 5),
    ('reopened', 6), ('calendar', 7), ('rules', 8), ('re_identified', 9),
    ('definition', 10), ('copied', 11), ('corrected', 12), ('forgotten', 13)

),

setting_hashes as (

    select
        any_value(settings_hash) filter (where name = 'calendar') as calendar_hash,
        any_value(settings_hash) filter (where name = 'rules') as rules_hash
    from settings.setting_hashes

),

-- Older seals have the hash of all projects together alone.
with_projects as (select distinct quarter from sealed.projects),

changes as (

    select * exclude (is_copied, was_related_id, is_related_id)
    from figures.kpi_change_causes

),

-- A person who was forgotten has another identifier in a seal than now.
forgotten as (

    select distinct
        quarter,
        unnest([lower(subject_id), lower(substr(subject_id, 8))]) as subject_key
    from changes
    where
        row_change = 'went'
        and regexp_matches(
            lower(subject_id), '^sealed-(forgotten [0-9a-f]{8}$|[0-9a-f]{8}@forgotten)'
        )

),

judged as (

    select
        changes.* exclude (cause),
        bounds.starts_on as quarter_starts_on,
        case
            when forgotten.quarter is not null then 'forgotten'
            when changes.cause not in ('copied', 'reached') then changes.cause
            when seals.calendar_hash != setting_hashes.calendar_hash then 'calendar'
            when
                if(
                    with_projects.quarter is null,
                    seals.rules_hash != setting_hashes.rules_hash,
                    sealed_projects.settings_hash is distinct from projects.settings_hash
                )
                then 'rules'
            when
                changes.cause is null
                and (
                    starts_with(changes.subject_type, 'person')
                    or (
                        changes.subject_type = 'commit'
                        and changes.was_reason in ('counted', 'bot', 'ai_agent')
                        and changes.is_reason in ('counted', 'bot', 'ai_agent')
                    )
                )
                then 're_identified'
            when (definitions.definition_hash is distinct from kpis.definition_hash)
                then 'definition'
            when changes.cause = 'reached' then 'landed_late'
            else coalesce(changes.cause, 'corrected')
        end as cause
    from changes
    inner join sealed.seals as seals on changes.quarter = seals.quarter
    cross join setting_hashes
    left join forgotten
        on
            changes.quarter = forgotten.quarter
            and starts_with(changes.subject_type, 'person')
            and lower(changes.subject_id) = forgotten.subject_key
    left join with_projects on changes.quarter = with_projects.quarter
    left join sealed.projects as sealed_projects
        on
            changes.quarter = sealed_projects.quarter
            and changes.project = sealed_projects.project
    left join intermediate.project_setting_hashes as projects
        on changes.project = projects.project
    left join settings.quarters as bounds on changes.quarter = bounds.quarter
    left join sealed.definitions as definitions
        on
            changes.quarter = definitions.quarter
            and changes.kpi = definitions.kpi
    left join settings.kpis as kpis on changes.kpi = kpis.kpi

)

select
    judged.*,
    causes.cause_number
from judged
inner join causes on judged.cause = causes.cause_name
