-- The change requests that KPIs look at: each in the quarter in which it was merged, in
-- every quarter at whose end it was open, and in each in which it was closed and stayed so
-- to its end. To reopen it later changes no quarter that is over.
--
-- grain: project, tracker_source, change_request_number, quarter
with

requests as (select * from intermediate.project_change_requests),

merged as (

    select
        requests.*,
        quarters.quarter as quarter_label,
        requests.merged_at as happened_at,
        requests.merged_reason as reason
    from requests
    inner join settings.quarters as quarters
        on
            requests.merged_at >= quarters.starts_at
            and requests.merged_at < quarters.ends_at

),

at_end as (

    select
        requests.*,
        bounds.quarter as quarter_label,
        if(states.state = 'closed', states.valid_from, null) as happened_at,
        case
            when states.state = 'closed' then 'abandoned'
            when requests.ready_at < bounds.ends_at then 'still_open'
            else 'draft'
        end as reason
    from requests
    inner join intermediate.change_request_states as states
        on
            requests.tracker_source = states.tracker_source
            and requests.change_request_number = states.change_request_number
    inner join facts.tracker_quarters as quarters on requests.source = quarters.source
    inner join settings.quarters as bounds
        on
            quarters.quarter = bounds.quarter
            and states.valid_from < bounds.ends_at
            and coalesce(states.valid_to, 'infinity'::timestamptz) >= bounds.ends_at
            and (states.state = 'open' or states.valid_from >= bounds.starts_at)
    where
        coalesce(requests.merged_at, 'infinity'::timestamptz) >= bounds.ends_at
        and coalesce(requests.gone_noticed_at, 'infinity'::timestamptz)
        >= if(states.state = 'open', bounds.ends_at, states.valid_from)

),

looked_at as (

    select * from merged
    union all
    select * from at_end

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
    nullif(merged_at_evidence, 'field') as merged_at_evidence,
    merged_evidence,
    lead_time_evidence,
    lead_time_seconds,
    coding_seconds,
    pickup_seconds,
    review_seconds,
    merge_seconds,
    happened_at,
    reason
from looked_at
