-- The issues that KPIs look at, and what they mean in their project.
--
-- grain: project, tracker_source, issue_number
with

meanings as (

    select
        project,
        tracker_source,
        item_number as issue_number,
        bool_or(rule = 'left_out_labels') as is_left_out,
        bool_or(rule = 'incident_labels') as has_incident_label,
        bool_or(rule = 'test_labels') as has_test_label,
        min(labelled_at) filter (where rule = 'started_labels') as started_label_at
    from steps.labelled_items
    where item_kind = 'issue'
    group by project, tracker_source, item_number

),

titles as (

    select
        items.project,
        items.tracker_source,
        items.item_number as issue_number,
        bool_or(ruled.rule = 'incident_titles') as has_incident_title,
        bool_or(ruled.rule = 'test_titles') as has_test_title
    from steps.project_items as items
    inner join facts.issues as issues
        on
            items.tracker_source = issues.tracker_source
            and items.item_number = issues.issue_number
    inner join settings.project_rules as ruled
        on
            items.project = ruled.project
            and ruled.rule in ('incident_titles', 'test_titles')
            and regexp_matches(issues.title, ruled.matcher)
    where items.item_kind = 'issue'
    group by items.project, items.tracker_source, items.item_number

),

types as (
    select distinct
        project,
        rule,
        matcher
    from settings.project_rules
    where rule = 'incident_types'
)

select
    items.project,
    issues.source,
    issues.tracker_source,
    issues.issue_number,
    replace(issues.tracker_source, '#tracker', '')
    || '#' || issues.issue_number as subject_id,
    issues.url as subject_url,
    coalesce(meanings.is_left_out, false) as is_left_out,
    coalesce(meanings.has_incident_label, false)
    or coalesce(titles.has_incident_title, false)
    or types.rule is not null as is_incident,
    coalesce(meanings.has_test_label, false)
    or coalesce(titles.has_test_title, false) as is_test,
    meanings.started_label_at
from steps.project_items as items
inner join facts.issues as issues
    on
        items.tracker_source = issues.tracker_source
        and items.item_number = issues.issue_number
left join meanings
    on
        items.project = meanings.project
        and items.tracker_source = meanings.tracker_source
        and items.item_number = meanings.issue_number
left join titles
    on
        items.project = titles.project
        and items.tracker_source = titles.tracker_source
        and items.item_number = titles.issue_number
left join types
    on
        items.project = types.project
        and lower(issues.issue_type) glob types.matcher
where items.item_kind = 'issue'
