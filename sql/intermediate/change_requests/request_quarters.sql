-- The quarters of each repository's trackers in which it is known how many change requests
-- were merged: all, once the trackers were completely polled; until then those of which a
-- merged one was read.
--
-- grain: source, quarter
with

merged as (

    select distinct
        requests.source,
        quarters.quarter
    from staging.change_requests as requests
    inner join settings.quarters as quarters
        on
            requests.merged_at >= quarters.starts_at
            and requests.merged_at < quarters.ends_at

)

select
    quarters.source,
    quarters.quarter,
    quarters.is_complete
from facts.tracker_quarters as quarters
left join intermediate.polled_trackers as polled on quarters.source = polled.source
left join merged
    on quarters.source = merged.source and quarters.quarter = merged.quarter
where polled.source is not null or merged.source is not null
