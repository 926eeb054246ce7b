-- The change requests that KPIs look at: each in the quarter in which it was merged or
-- abandoned, and in every quarter at whose end it was open.
--
-- grain: project, tracker_source, change_request_number, quarter
with

requests as (

    select
        items.project,
        requests.*,
        coalesce(requests.merged_at, requests.abandoned_at) as ended_at,
        replace(requests.tracker_source, '#tracker', '')
        || '#' || requests.change_request_number as subject_id,
        case
            when requests.fate = 'transferred' then 'moved'
            when requests.fate is not null then 'deleted'
            when labels.project is not null then 'left_out_label'
            else coalesce(left_out.pattern, 'counted')
        end as merged_reason
    from steps.project_items as items
    inner join facts.change_requests as requests
        on
            items.tracker_source = requests.tracker_source
            and items.item_number = requests.change_request_number
            and items.item_kind = 'change_request'
    left join settings.project_rules as left_out
        on
            items.project = left_out.project
            and left_out.rule = 'left_out_authors'
            and requests.author_account_kind = left_out.pattern
    left join steps.labelled_items as labels
        on
            items.project = labels.project
            and labels.rule = 'left_out_labels'
            and items.tracker_source = labels.tracker_source
            and items.item_kind = labels.item_kind
            and items.item_number = labels.item_number

),

ended as (

    select
        requests.*,
        quarters.quarter as quarter_label,
        requests.ended_at as happened_at,
        if(requests.merged_at is null, 'abandoned', requests.merged_reason) as reason
    from requests
    inner join settings.quarters as quarters
        on
            requests.ended_at >= quarters.starts_at
            and requests.ended_at < quarters.ends_at

),

open_at_end as (

    select
        requests.*,
        quarters.quarter as quarter_label,
        null::timestamptz as happened_at,
        if(coalesce(requests.ready_at < bounds.ends_at, false), 'still_open', 'draft')
            as reason
    from requests
    inner join facts.tracker_quarters as quarters on requests.source = quarters.source
    inner join settings.quarters as bounds on quarters.quarter = bounds.quarter
    where
        requests.opened_at < bounds.ends_at
        and coalesce(
            requests.ended_at, requests.gone_noticed_at, 'infinity'::timestamptz
        ) >= bounds.ends_at

),

looked_at as (

    select * from ended
    union all
    select * from open_at_end

)

select
    project,
    source,
    tracker_source,
    change_request_number,
    quarter_label as quarter,
    subject_id,
    url as subject_url,
    author_login as person,
    lead_time_evidence,
    lead_time_seconds,
    coding_seconds,
    pickup_seconds,
    review_seconds,
    merge_seconds,
    merge_commit_hash,
    happened_at,
    reason
from looked_at
