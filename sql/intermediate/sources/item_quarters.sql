-- The quarters of each repository's trackers in which it is known how many change requests
-- were merged (requests), or how many issues were closed and open (issues): all, once the
-- trackers were completely polled; until then those in which a merged request, or an open or
-- closed issue, was read.
--
-- grain: needs, source, quarter
with

polled as (

    select trackers.source
    from staging.trackers as trackers
    inner join staging.batches as batches on trackers.tracker_source = batches.source
    group by trackers.source
    having count(*) = count(batches.last_observed_at)

),

read_items as (

    select
        'requests' as needs,
        requests.source,
        quarters.quarter
    from staging.change_requests as requests
    inner join settings.quarters as quarters
        on
            requests.merged_at >= quarters.starts_at
            and requests.merged_at < quarters.ends_at

    union

    select
        'issues' as needs,
        states.source,
        quarters.quarter
    from facts.issue_states as states
    inner join settings.quarters as quarters
        on
            states.valid_from_at < quarters.ends_at
            and coalesce(states.valid_to_at, 'infinity'::timestamptz) >= quarters.starts_at
            and (states.state = 'open' or states.valid_from_at >= quarters.starts_at)

),

quarters as (

    select
        unnest(['requests', 'issues']) as needs,
        source,
        quarter,
        is_complete
    from facts.tracker_quarters

)

select quarters.*
from quarters
left join polled on quarters.source = polled.source
left join read_items
    on
        quarters.needs = read_items.needs
        and quarters.source = read_items.source
        and quarters.quarter = read_items.quarter
where polled.source is not null or read_items.source is not null
