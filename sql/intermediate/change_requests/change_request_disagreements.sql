-- Where the fields of a change request and its events disagree, or its merge and Git.
--
-- grain: tracker_source, change_request_number, reason
with

of_merged as (

    select
        merged.tracker_source,
        merged.change_request_number,
        unnest([
            case when not merged.has_merged_event then 'merged_without_event' end,
            case when found.merged_at is null then 'merged_event_without_field' end,
            case
                when candidates.commit_hash is null and repositories.source is not null
                    then 'merge_commit_not_on_default_branch'
            end
        ]) as reason
    from intermediate.merged_change_requests as merged
    inner join staging.change_requests as found
        on
            merged.tracker_source = found.tracker_source
            and merged.change_request_number = found.change_request_number
    left join staging.repositories as repositories
        on merged.source = repositories.source
    left join intermediate.merge_candidates as candidates
        on
            merged.tracker_source = candidates.tracker_source
            and merged.change_request_number = candidates.change_request_number
            and merged.merge_commit_hash = candidates.commit_hash

),

disagreements as (

    select distinct * from of_merged
    where reason is not null

    union all

    select
        requests.tracker_source,
        requests.change_request_number,
        'closed_without_event' as reason
    from facts.change_requests as requests
    anti join facts.item_events as events
        on
            requests.tracker_source = events.tracker_source
            and requests.change_request_number = events.item_number
            and events.item_kind = 'change_request'
            and events.event_kind = 'closed'
    where requests.state = 'abandoned'

)

select * from disagreements
