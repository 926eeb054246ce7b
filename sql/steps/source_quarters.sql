-- The quarters of each repository, by its commits or by its trackers.
--
-- A quarter is complete once everything of the repository that is mined was looked at
-- after its end.
--
-- grain: source, quarter
with

spines as (

    select * from facts.repository_quarters
    union all
    select * from facts.tracker_quarters

),

source_quarters as (

    select
        source,
        quarter,
        quarter_starts_on,
        bool_and(is_complete) as is_complete
    from spines
    group by source, quarter, quarter_starts_on

)

select * from source_quarters
