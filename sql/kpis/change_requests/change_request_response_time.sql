-- How long had the change requests that first got a response in the quarter waited?
--
-- From the last time before that response at which it got ready, as for pickup_time, to
-- the first comment or review by another person. Pickup ends with a review alone, so
-- what was discussed but not reviewed has a response and no pickup. Responses by bots,
-- AI agents and the author are none, nor is what was said before it was ever ready, or
-- after its merge. In the quarter of the response, merged or not: so a late response
-- never changes a quarter that is over. One without a response when the quarter of its
-- opening ended is excluded there.
--
-- Bias: What never gets a response is in no median; coverage says how many waited on.
--
-- title: Change request response time
-- title_ko: 병합 요청 첫 응답 시간
-- position: 335
-- unit: hours
-- kind: median
-- better: lower
-- needs: tracker
-- version: 1
with

requests as (

    select
        requests.project,
        requests.source,
        requests.subject_id,
        requests.url,
        requests.author_login,
        if(requests.merged_reason = 'stacked', 'counted', requests.merged_reason)
            as waiting_reason,
        requests.opened_at,
        requests.quarter,
        responses.response_login,
        responses.response_seconds,
        responses.first_ready_at,
        responses.responded_at
    from intermediate.project_change_requests as requests
    left join intermediate.change_request_responses as responses
        on
            requests.tracker_source = responses.tracker_source
            and requests.change_request_number = responses.change_request_number

)

select
    requests.project,
    requests.source,
    quarters.quarter,
    'change_request' as subject_type,
    requests.subject_id,
    requests.url as subject_url,
    requests.response_login as person,
    requests.responded_at as happened_at,
    requests.waiting_reason as reason,
    requests.response_seconds as value
from requests
inner join settings.quarters as quarters
    on
        requests.responded_at >= quarters.starts_at
        and requests.responded_at < quarters.ends_at

union all

select
    requests.project,
    requests.source,
    requests.quarter,
    'change_request' as subject_type,
    requests.subject_id,
    requests.url as subject_url,
    null as person,
    requests.opened_at as happened_at,
    case
        when requests.waiting_reason != 'counted' then requests.waiting_reason
        when requests.first_ready_at < quarters.ends_at then 'no_response_yet'
        else 'draft'
    end as reason,
    null as value
from requests
inner join settings.quarters as quarters on requests.quarter = quarters.quarter
where coalesce(requests.responded_at >= quarters.ends_at, true)
