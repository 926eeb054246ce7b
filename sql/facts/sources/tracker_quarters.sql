-- The quarters of each repository's trackers, from the first issue or change request to
-- the last complete poll.
--
-- A quarter is complete if all of the repository's trackers were completely polled
-- after its end.
--
-- grain: source, quarter
-- export: by quarter
with

instants as (

    select
        source,
        valid_from_at as happened_at
    from facts.issue_states
    union all
    select
        source,
        valid_to_at as happened_at
    from facts.issue_states
    union all
    select
        source,
        created_at as happened_at
    from staging.change_requests
    union all
    select
        source,
        merged_at as happened_at
    from staging.change_requests

),

spans as (

    select
        source,
        min(happened_at) as first_at,
        max(happened_at) as last_at
    from instants
    where happened_at is not null
    group by source

),

polls as (

    select
        trackers.source,
        max(batches.last_observed_at) as last_observed_at,
        case
            when count(*) = count(batches.last_observed_at)
                then min(batches.last_observed_at)
        end as complete_until_at
    from staging.trackers as trackers
    inner join staging.batches as batches on trackers.tracker_source = batches.source
    group by trackers.source

),

tracker_quarters as (

    select
        spans.source,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on,
        coalesce(polls.complete_until_at >= quarters.ends_at, false) as is_complete
    from spans
    inner join polls on spans.source = polls.source
    inner join settings.quarters as quarters
        on
            spans.first_at < quarters.ends_at
            and quarters.starts_at <= greatest(spans.last_at, polls.last_observed_at)

)

select * from tracker_quarters
