-- What became of the issues and change requests behind the rows of a sealed quarter
-- that changed since.
--
-- One of a tracker that was not polled before the seal is late.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id, thing_id
with

changes as (

    select
        *,
        regexp_extract(thing_id, '^(.*)#[0-9]+(/[0-9]+)?$', 1) || '#tracker'
            as tracker_source,
        try_cast(regexp_extract(thing_id, '#([0-9]+)(/[0-9]+)?$', 1) as bigint)
            as item_number,
        if(thing_type = 'change_request', 'change_request', 'issue') as item_kind
    from figures.kpi_changed_things
    where thing_type in ('change_request', 'issue', 'closing', 'incident')

),

items (tracker_source, item_kind, item_number, fate, reopened_at) as (

    select
        issues.tracker_source,
        'issue',
        issues.issue_number,
        any_value(issues.fate),
        max(states.valid_to_at)
    from facts.issues as issues
    left join facts.issue_states as states
        on
            issues.tracker_source = states.tracker_source
            and issues.issue_number = states.issue_number
            and states.ended_by = 'reopened'
    group by issues.tracker_source, issues.issue_number

    union all

    select
        tracker_source,
        'change_request',
        change_request_number,
        fate,
        null
    from facts.change_requests

)

select
    changes.kpi,
    changes.project,
    changes.source,
    changes.quarter,
    changes.subject_type,
    changes.subject_id,
    changes.thing_id,
    changes.is_subject,
    case
        when
            coalesce(
                sightings.first_observed_at > observations.observed_at,
                sightings.item_number is not null
            )
            then 'late'
        when items.fate = 'transferred' then 'moved'
        when items.fate is not null then 'deleted'
        when items.reopened_at > observations.observed_at then 'reopened'
    end as cause
from changes
left join sealed.observations as observations
    on changes.quarter = observations.quarter and changes.tracker_source = observations.source
left join staging.item_sightings as sightings
    on
        changes.tracker_source = sightings.tracker_source
        and changes.item_kind = sightings.item_kind
        and changes.item_number = sightings.item_number
left join items
    on
        changes.tracker_source = items.tracker_source
        and changes.item_kind = items.item_kind
        and changes.item_number = items.item_number
