-- Every observed change request is a fact, and every merged one that counts in a project
-- counts in exactly one quarter, as known, uncertain or unknown; in a project with a period
-- those of the period do.
with

merged as (

    select
        items.project,
        merged.source,
        merged.quarter,
        count(*) as merged_count
    from intermediate.merged_change_requests as merged
    inner join intermediate.project_change_requests as items
        on
            merged.tracker_source = items.tracker_source
            and merged.change_request_number = items.change_request_number
            and items.merged_reason = 'counted'
    semi join facts.project_repositories as owned
        on items.project = owned.project and merged.source = owned.source and owned.is_whole
    where merged.quarter is not null
    group by items.project, merged.source, merged.quarter

),

marts as (

    select
        project,
        source,
        quarter,
        merged_change_request_count,
        measured_change_request_count + uncertain_change_request_count
        + unknown_change_request_count as explained_count
    from marts.merge_lead_time_quarterly

),

miscounted (source, quarter) as (

    select
        coalesce(marts.source, merged.source),
        coalesce(marts.quarter, merged.quarter),
        null as change_request_number,
        merged.merged_count,
        marts.merged_change_request_count,
        marts.explained_count
    from marts
    full outer join merged
        on
            marts.project = merged.project
            and marts.source = merged.source
            and marts.quarter = merged.quarter
    left join intermediate.project_periods as periods
        on coalesce(marts.project, merged.project) = periods.project
    where
        periods.project is null
        and coalesce(merged.merged_count, 0)
        != coalesce(marts.merged_change_request_count, 0)
        or marts.explained_count != marts.merged_change_request_count

),

missing (source, quarter) as (

    select
        requests.source,
        null,
        requests.change_request_number,
        null as merged_count,
        null as merged_change_request_count,
        null as explained_count
    from staging.change_requests as requests
    anti join facts.change_requests as facts
        on
            requests.tracker_source = facts.tracker_source
            and requests.change_request_number = facts.change_request_number

)

select * from miscounted
union all
select * from missing
