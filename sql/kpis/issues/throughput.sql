-- How much work was finished in the quarter, issues and change requests together?
--
-- Change requests merged, as change_requests_merged counts them, and issues resolved
-- that none of them closed: an issue and the change request that closed it are one piece
-- of work. Closings as a duplicate or as not planned, and closings that did not last,
-- are no work finished. It has figures where change_requests_merged has.
--
-- Bias: Large and small pieces weigh the same.
--
-- title: Throughput
-- title_ko: 처리량
-- position: 160
-- unit: items
-- kind: count
-- better: higher
-- needs: requests
-- version: 5
with

requests as (

    select * from intermediate.kpi_change_requests

),

closings as (

    select
        closings.*,
        case
            when closings.reason != 'counted' then closings.reason
            when closings.state_reason in ('duplicate', 'not_planned')
                then closings.state_reason
            when not closings.is_lasting then 'reopened'
            when requests.project is not null then 'with_its_change_request'
            else 'counted'
        end as finished_reason
    from intermediate.kpi_closings as closings
    left join requests
        on
            closings.project = requests.project
            and closings.tracker_source = requests.tracker_source
            and closings.closed_by_change_request_number
            = requests.change_request_number
            and requests.reason = 'counted'

)

select
    project,
    source,
    quarter,
    'change_request' as subject_type,
    subject_id,
    subject_url,
    person,
    happened_at,
    reason
from requests

union all

select
    project,
    source,
    quarter,
    'closing' as subject_type,
    subject_id,
    subject_url,
    person,
    happened_at,
    finished_reason as reason
from closings
