-- Which labels, milestone and assignees each version of an issue or change request had.
--
-- grain: tracker_source, item_kind, item_number, batch, attribute, value
select distinct
    versions.tracker_source,
    versions.item_kind,
    versions.item_number,
    versions.batch,
    versions.said_at,
    versions.is_newest,
    attributes.attribute,
    listed.value
from staging.item_versions as versions
cross join (values ('label'), ('assignee'), ('milestone')) as attributes (attribute)
cross join
    unnest(
        case attributes.attribute
            when 'label' then from_json(versions.labels, '["varchar"]')
            when 'assignee' then from_json(versions.assignees, '["varchar"]')
            when 'milestone' then [versions.milestone_title]
        end
    ) as listed (value)
where listed.value is not null
