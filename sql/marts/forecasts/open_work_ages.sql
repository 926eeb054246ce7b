-- How old each open issue and change request is, and where that is among those of the same
-- project that were closed or merged in the year before the last poll.
--
-- Issues are those that count by the project's rules. The age is in days, up to the last poll.
-- Without ten that were closed there are no percentiles.
--
-- grain: project, tracker_source, item_kind, item_number
-- export: whole
with

items as (

    select
        counted.project,
        issues.source,
        issues.tracker_source,
        'issue' as item_kind,
        issues.issue_number as item_number,
        issues.url,
        issues.is_open,
        issues.opened_at,
        case
            when coalesce(issues.state_reason, '') != 'duplicate' then issues.closed_at
        end as ended_at
    from facts.issues as issues
    inner join intermediate.counted_issues as counted
        on
            issues.tracker_source = counted.tracker_source
            and issues.issue_number = counted.issue_number

    union all

    select
        owned.project,
        requests.source,
        requests.tracker_source,
        'change_request' as item_kind,
        requests.change_request_number as item_number,
        requests.url,
        requests.change_request_state = 'open' and requests.fate is null as is_open,
        requests.opened_at,
        requests.merged_at as ended_at
    from facts.change_requests as requests
    inner join facts.project_repositories as owned
        on requests.source = owned.source and owned.is_whole

),

aged as (

    select
        items.*,
        epoch(batches.last_observed_at - items.opened_at) / 86400 as age_days,
        case
            when
                not items.is_open
                and items.ended_at > batches.last_observed_at - interval 365 day
                then epoch(items.ended_at - items.opened_at) / 86400
        end as ended_days
    from items
    inner join staging.batches as batches on items.tracker_source = batches.source

),

ended as (

    select
        project,
        item_kind,
        quantile_cont(ended_days, [0.5, 0.85, 0.95]) as percentiles
    from aged
    group by project, item_kind
    having count(ended_days) >= 10

)

select
    aged.project,
    aged.source,
    aged.tracker_source,
    aged.item_kind,
    aged.item_number,
    aged.url,
    aged.age_days,
    ended.percentiles[1] as p50_ended_days,
    ended.percentiles[2] as p85_ended_days,
    ended.percentiles[3] as p95_ended_days,
    case
        when ended.project is null then null
        when aged.age_days > p95_ended_days then 'above_95'
        when aged.age_days > p85_ended_days then '85_to_95'
        when aged.age_days > p50_ended_days then '50_to_85'
        else 'below_50'
    end as age_band,
    aged.opened_at
from aged
left join ended on aged.project = ended.project and aged.item_kind = ended.item_kind
where aged.is_open
