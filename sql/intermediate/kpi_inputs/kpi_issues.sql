-- The issues that KPIs look at, and what they mean in their project.
--
-- The people and texts of a confidential issue are shown only if the settings say so.
--
-- grain: project, tracker_source, issue_number
with

labels as (

    select
        project,
        tracker_source,
        item_number as issue_number,
        bool_or(rule = 'left_out_labels') as is_left_out,
        bool_or(rule = 'incident_labels') as is_incident,
        bool_or(rule = 'test_labels') as is_test,
        min(labelled_at) filter (where rule = 'started_labels') as started_label_at
    from intermediate.labelled_items
    where item_kind = 'issue'
    group by project, tracker_source, item_number

),

projects_with_types as (

    select distinct project from settings.project_rules
    where rule = 'issue_types'

),

words as (

    -- A type is a name, and with part/ before it where the issue is a part of another.
    select
        items.project,
        items.tracker_source,
        items.item_number as issue_number,
        bool_or(meanings.rule in ('incident_titles', 'incident_types')) as is_incident,
        bool_or(meanings.rule = 'test_titles') as is_test,
        bool_or(meanings.rule = 'left_out_types')
        filter (where meanings.rule in ('issue_types', 'left_out_types'))
            as is_type_left_out
    from intermediate.project_items as items
    inner join facts.issues as issues
        on
            items.tracker_source = issues.tracker_source
            and items.item_number = issues.issue_number
    inner join settings.project_rules as meanings
        on
            items.project = meanings.project
            and case
                when meanings.rule in ('incident_titles', 'test_titles')
                    then regexp_matches(issues.title, meanings.matcher)
                when meanings.rule = 'incident_types'
                    then lower(issues.issue_type) glob meanings.matcher
                when meanings.rule in ('issue_types', 'left_out_types')
                    then
                        lower(coalesce(issues.issue_type, 'issue')) glob meanings.matcher
                        or (
                            issues.is_part
                            and 'part/' || lower(coalesce(issues.issue_type, 'issue'))
                            glob meanings.matcher
                        )
            end
    where items.item_kind = 'issue'
    group by items.project, items.tracker_source, items.item_number

)

select
    items.project,
    issues.source,
    issues.tracker_source,
    issues.issue_number,
    replace(issues.tracker_source, '#tracker', '')
    || '#' || issues.issue_number as subject_id,
    issues.url as subject_url,
    exports.is_confidential_shown or not coalesce(issues.is_confidential, false)
        as are_people_shown,
    coalesce(labels.is_left_out, false) as is_left_out,
    case
        when labels.is_left_out then 'left_out_label'
        when coalesce(words.is_type_left_out, projects_with_types.project is not null)
            then 'left_out_type'
    end as left_out_reason,
    coalesce(labels.is_incident, false) or coalesce(words.is_incident, false)
        as is_incident,
    coalesce(labels.is_test, false) or coalesce(words.is_test, false) as is_test,
    labels.started_label_at
from intermediate.project_items as items
inner join facts.issues as issues
    on
        items.tracker_source = issues.tracker_source
        and items.item_number = issues.issue_number
left join labels
    on
        items.project = labels.project
        and items.tracker_source = labels.tracker_source
        and items.item_number = labels.issue_number
cross join settings.exports as exports
left join projects_with_types on items.project = projects_with_types.project
left join words
    on
        items.project = words.project
        and items.tracker_source = words.tracker_source
        and items.item_number = words.issue_number
where items.item_kind = 'issue'
