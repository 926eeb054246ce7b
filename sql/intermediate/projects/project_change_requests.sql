-- The change requests of each project, and why they count once they are merged, or do
-- not. One that is merged into the branch of another counts with that, unless the project
-- names its branches.
--
-- grain: project, tracker_source, change_request_number
select
    items.project,
    requests.*,
    replace(requests.tracker_source, '#tracker', '')
    || '#' || requests.change_request_number as subject_id,
    case
        when repeated.tracker_source is not null then 'delivered_by_others'
        when requests.fate = 'transferred' then 'moved'
        when requests.fate is not null then 'deleted'
        when labels.project is not null then 'left_out_label'
        when left_out.pattern is not null then left_out.pattern
        when stacked.tracker_source is not null and not parts.has_branches then 'stacked'
        else 'counted'
    end as merged_reason
from intermediate.project_items as items
inner join facts.change_requests as requests
    on
        items.tracker_source = requests.tracker_source
        and items.item_number = requests.change_request_number
        and items.item_kind = 'change_request'
left join settings.project_rules as left_out
    on
        items.project = left_out.project
        and left_out.rule = 'left_out_authors'
        and requests.author_account_kind = left_out.pattern
inner join intermediate.project_parts as parts
    on items.project = parts.project and requests.source = parts.source
left join intermediate.stacked_change_requests as stacked
    on
        requests.tracker_source = stacked.tracker_source
        and requests.change_request_number = stacked.change_request_number
left join intermediate.labelled_items as labels
    on
        items.project = labels.project
        and labels.rule = 'left_out_labels'
        and items.tracker_source = labels.tracker_source
        and items.item_kind = labels.item_kind
        and items.item_number = labels.item_number
left join intermediate.repeated_change_requests as repeated
    on
        items.tracker_source = repeated.tracker_source
        and items.item_number = repeated.change_request_number
