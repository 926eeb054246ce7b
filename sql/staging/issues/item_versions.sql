-- State, labels, assignees and milestone in each version of an issue or change request.
--
-- grain: tracker_source, item_kind, item_number, batch
with

versions as (

    select
        'issue' as item_kind,
        issue_number as item_number,
        source as tracker_source,
        batch,
        state,
        labels,
        assignees,
        milestone_title,
        updated_at,
        observed_at
    from raw.issues_known

    union all

    select
        'change_request' as item_kind,
        change_request_number as item_number,
        source as tracker_source,
        batch,
        state,
        labels,
        assignees,
        milestone_title,
        updated_at,
        observed_at
    from raw.change_requests_known

)

select
    versions.tracker_source,
    versions.item_kind,
    versions.item_number,
    versions.batch,
    case when versions.state = 'closed' then 'closed' else 'open' end as state,
    settings.renamed(versions.labels, renames.labels) as labels,
    settings.renamed(versions.assignees, renames.logins) as assignees,
    coalesce(
        renames.milestones[versions.milestone_title], versions.milestone_title
    ) as milestone_title,
    coalesce(versions.updated_at, versions.observed_at) as stated_at,
    row_number() over (
        partition by versions.tracker_source, versions.item_kind, versions.item_number
        order by versions.updated_at desc nulls last, versions.batch desc
    ) = 1 as is_newest
from versions
left join staging.renames as renames
    on versions.tracker_source = renames.tracker_source
