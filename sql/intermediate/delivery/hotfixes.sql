-- The merged change requests that a project's rules call hotfixes: by label, by title or
-- by branch.
--
-- grain: project, tracker_source, change_request_number
with

requests as (

    select * from intermediate.project_change_requests
    where merge_commit_hash is not null

),

meanings as (

    select * from settings.project_rules
    where rule in ('hotfix_titles', 'hotfix_branches')

),

hotfixes as (

    select
        requests.project,
        requests.source,
        requests.tracker_source,
        requests.change_request_number,
        requests.merge_commit_hash
    from requests
    inner join meanings
        on
            requests.project = meanings.project
            and case meanings.rule
                when 'hotfix_titles' then regexp_matches(requests.title, meanings.matcher)
                else lower(requests.head_ref) glob meanings.matcher
            end

    union

    select
        requests.project,
        requests.source,
        requests.tracker_source,
        requests.change_request_number,
        requests.merge_commit_hash
    from requests
    inner join intermediate.labelled_items as labels
        on
            requests.project = labels.project
            and labels.rule = 'hotfix_labels'
            and labels.item_kind = 'change_request'
            and requests.tracker_source = labels.tracker_source
            and requests.change_request_number = labels.item_number

)

select * from hotfixes
