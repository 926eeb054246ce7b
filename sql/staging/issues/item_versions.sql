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
    * exclude (updated_at, observed_at),
    coalesce(updated_at, observed_at) as stated_at,
    row_number() over (
        partition by tracker_source, item_kind, item_number
        order by updated_at desc nulls last, batch desc
    ) = 1 as is_newest
from versions
