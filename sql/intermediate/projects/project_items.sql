-- The issues and change requests that belong to each project.
--
-- Of a part of a repository those that once had one of its labels. Without labels, a
-- change request belongs where its branch and one of its commits do, and an issue where
-- the change request that closed it does.
--
-- grain: project, tracker_source, item_kind, item_number
with

owned as (select * from intermediate.project_parts),

requests as (

    select
        owned.project,
        requests.source,
        requests.tracker_source,
        requests.change_request_number
    from owned
    inner join facts.change_requests as requests on owned.source = requests.source
    left join settings.project_rules as meanings
        on
            owned.has_branches
            and owned.project = meanings.project
            and meanings.rule = 'branches'
            and requests.base_ref glob meanings.matcher
    left join intermediate.project_touched_requests as touched
        on
            owned.has_paths
            and owned.project = touched.project
            and requests.tracker_source = touched.tracker_source
            and requests.change_request_number = touched.change_request_number
    where
        not owned.has_labels
        and (not owned.has_branches or meanings.rule is not null)
        and (not owned.has_paths or touched.project is not null)

),

items (project, source, tracker_source, item_kind, item_number) as (

    select
        project,
        source,
        tracker_source,
        'change_request',
        change_request_number
    from requests

    union

    select
        owned.project,
        issues.source,
        issues.tracker_source,
        'issue',
        issues.issue_number
    from owned
    inner join facts.issues as issues on owned.source = issues.source
    left join requests
        on
            owned.project = requests.project
            and issues.tracker_source = requests.tracker_source
            and issues.closed_by_change_request_number = requests.change_request_number
    where owned.is_whole or (not owned.has_labels and requests.project is not null)

    union

    select
        labels.project,
        labels.source,
        labels.tracker_source,
        labels.item_kind,
        labels.item_number
    from intermediate.labelled_items as labels
    where labels.rule = 'labels'

)

select * from items
