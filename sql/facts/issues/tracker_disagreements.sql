-- Contradictions between a tracker's fields and its events, or between its commits and
-- Git.
--
-- The evidence columns of the facts name the side that was used.
--
-- grain: tracker_source, item_kind, item_number, disagreement_kind
-- export: whole
with

merge_disagreements as (

    select
        merged.tracker_source,
        merged.change_request_number,
        unnest([
            case
                when merged.landed_commit_hash is not null then 'closed_but_landed'
                when not merged.has_merged_event then 'merged_without_event'
            end,
            case
                when merged.has_merged_event and fields.merged_at is null
                    then 'merged_event_without_field'
            end,
            case
                when candidates.commit_hash is null and repositories.source is not null
                    then 'merge_commit_not_on_default_branch'
            end
        ]) as disagreement_kind
    from intermediate.merged_change_requests as merged
    inner join staging.change_requests as fields
        on
            merged.tracker_source = fields.tracker_source
            and merged.change_request_number = fields.change_request_number
    left join staging.repositories as repositories
        on merged.source = repositories.source
    left join intermediate.merge_candidates as candidates
        on
            merged.tracker_source = candidates.tracker_source
            and merged.change_request_number = candidates.change_request_number
            and merged.merge_commit_hash = candidates.commit_hash

),

disagreements as (

    select
        tracker_source,
        'issue' as item_kind,
        issue_number as item_number,
        disagreement_kind
    from intermediate.issue_disagreements

    union all

    select distinct
        tracker_source,
        'change_request' as item_kind,
        change_request_number as item_number,
        disagreement_kind
    from merge_disagreements
    where disagreement_kind is not null

    union all

    select
        requests.tracker_source,
        'change_request' as item_kind,
        requests.change_request_number as item_number,
        'closed_without_event' as disagreement_kind
    from facts.change_requests as requests
    anti join facts.item_events as events
        on
            requests.tracker_source = events.tracker_source
            and requests.change_request_number = events.item_number
            and events.item_kind = 'change_request'
            and events.event_kind = 'closed'
    where requests.change_request_state = 'abandoned'

)

select
    items.source,
    disagreements.*,
    items.url
from disagreements
inner join staging.items as items
    on
        disagreements.tracker_source = items.tracker_source
        and disagreements.item_kind = items.item_kind
        and disagreements.item_number = items.item_number
