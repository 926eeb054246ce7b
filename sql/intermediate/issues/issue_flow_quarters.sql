-- What came to and went from each repository's open issues in each quarter.
--
-- Each open state of an issue came once and, if it ended, went once. What stands at a
-- quarter's start or end is all that came before that instant without what went.
--
-- grain: source, quarter
with

flows as (

    select
        source,
        unnest([began_by, ended_by]) as flow,
        unnest([valid_from_at, valid_to_at]) as happened_at
    from facts.issue_states
    where state = 'open'

),

counted as (

    select
        flows.source,
        quarters.quarter,
        count(*) filter (where flows.flow = 'opened') as opened_count,
        count(*) filter (where flows.flow = 'closed') as closed_count,
        count(*) filter (where flows.flow = 'reopened') as reopened_count,
        count(*) filter (where flows.flow = 'moved_in') as moved_in_count,
        count(*) filter (where flows.flow = 'moved_out') as moved_out_count,
        count(*) filter (where flows.flow = 'deleted') as deleted_count,
        count(*) filter (where flows.flow in ('opened', 'reopened', 'moved_in'))
        - count(*) filter (where flows.flow in ('closed', 'moved_out', 'deleted'))
            as growth_count
    from flows
    inner join staging.quarter_years as quarters
        on
            year(flows.happened_at) = quarters.in_year
            and flows.happened_at >= quarters.starts_at
            and flows.happened_at < quarters.ends_at
    group by flows.source, quarters.quarter

),

flow_quarters as (

    select
        quarters.source,
        quarters.quarter,
        quarters.quarter_starts_on,
        quarters.is_complete,

        coalesce(counted.opened_count, 0) as opened_count,
        coalesce(counted.closed_count, 0) as closed_count,
        coalesce(counted.reopened_count, 0) as reopened_count,
        coalesce(counted.moved_in_count, 0) as moved_in_count,
        coalesce(counted.moved_out_count, 0) as moved_out_count,
        coalesce(counted.deleted_count, 0) as deleted_count,
        (sum(coalesce(counted.growth_count, 0)) over in_order)::bigint
            as open_at_end_count,
        open_at_end_count - coalesce(counted.growth_count, 0) as open_at_start_count
    from facts.tracker_quarters as quarters
    left join counted
        on quarters.source = counted.source and quarters.quarter = counted.quarter
    window
        in_order as (
            partition by quarters.source
            order by quarters.quarter_starts_on
        )

)

select * from flow_quarters
