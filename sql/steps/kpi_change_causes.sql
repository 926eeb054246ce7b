-- What became of the things behind the rows of a sealed quarter that changed since.
--
-- A person's row changed with their commits.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
with

changes as (

    select
        *,
        regexp_extract(subject_id, '^(.*)#[0-9]+(/[0-9]+)?$', 1) || '#tracker'
            as tracker_source,
        try_cast(regexp_extract(subject_id, '#([0-9]+)(/[0-9]+)?$', 1) as bigint)
            as item_number,
        case
            when subject_type = 'change_request' then 'change_request'
            when subject_type in ('issue', 'closing', 'incident') then 'issue'
        end as item_kind
    from steps.kpi_changes

),

commits as (

    select
        changes.kpi,
        changes.project,
        changes.source,
        changes.quarter,
        changes.subject_id,
        changes.person,
        case
            when facts.first_observed_at > looks.observed_at then 'late'
            when
                facts.commit_hash is null
                or 'left_branch' in (changes.was_reason, changes.is_reason)
                then 'force_pushed'
        end as cause
    from changes
    left join facts.commits as facts
        on
            changes.source = facts.source
            and changes.subject_id = facts.commit_hash
    left join sealed.looks as looks
        on changes.quarter = looks.quarter and changes.source = looks.source
    where changes.subject_type = 'commit'

),

people as (

    select
        project,
        source,
        quarter,
        person as subject_id,
        min(cause) as cause
    from commits
    where kpi = 'commits'
    group by project, source, quarter, person

),

reopenings as (

    select
        tracker_source,
        issue_number as item_number,
        max(valid_to_at) as reopened_at
    from facts.issue_states
    where ended_by = 'reopened'
    group by tracker_source, issue_number

),

items as (

    select
        changes.kpi,
        changes.project,
        changes.source,
        changes.quarter,
        changes.subject_id,
        case
            when sightings.first_observed_at > looks.observed_at then 'late'
            when coalesce(issues.fate, requests.fate) = 'transferred' then 'moved'
            when coalesce(issues.fate, requests.fate) is not null then 'deleted'
            when reopenings.reopened_at > looks.observed_at then 'reopened'
        end as cause
    from changes
    inner join sealed.looks as looks
        on
            changes.quarter = looks.quarter
            and changes.tracker_source = looks.source
    left join staging.item_sightings as sightings
        on
            changes.tracker_source = sightings.tracker_source
            and changes.item_kind = sightings.item_kind
            and changes.item_number = sightings.item_number
    left join facts.issues as issues
        on
            changes.item_kind = 'issue'
            and changes.tracker_source = issues.tracker_source
            and changes.item_number = issues.issue_number
    left join facts.change_requests as requests
        on
            changes.item_kind = 'change_request'
            and changes.tracker_source = requests.tracker_source
            and changes.item_number = requests.change_request_number
    left join reopenings
        on
            changes.item_kind = 'issue'
            and changes.tracker_source = reopenings.tracker_source
            and changes.item_number = reopenings.item_number

)

select
    changes.*,
    case
        when changes.subject_type = 'person' then people.cause
        else coalesce(commits.cause, items.cause)
    end as cause
from steps.kpi_changes as changes
left join commits
    on
        changes.kpi = commits.kpi
        and changes.project = commits.project
        and changes.source = commits.source
        and changes.quarter = commits.quarter
        and changes.subject_id = commits.subject_id
left join items
    on
        changes.kpi = items.kpi
        and changes.project = items.project
        and changes.source = items.source
        and changes.quarter = items.quarter
        and changes.subject_id = items.subject_id
left join people
    on
        changes.subject_type = 'person'
        and changes.project = people.project
        and changes.source = people.source
        and changes.quarter = people.quarter
        and changes.subject_id = people.subject_id
