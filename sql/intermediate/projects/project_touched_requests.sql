-- The change requests that touch the paths of a project: by a commit of theirs, or by
-- what their merge brought in.
--
-- grain: project, tracker_source, change_request_number
with

commits as (

    select
        tracker_source,
        source,
        change_request_number,
        commit_hash
    from facts.change_request_commits

    union

    select
        tracker_source,
        source,
        change_request_number,
        merge_commit_hash as commit_hash
    from intermediate.change_request_merges

)

select distinct
    touched.project,
    commits.tracker_source,
    commits.change_request_number
from intermediate.project_touched_commits as touched
inner join commits
    on touched.source = commits.source and touched.commit_hash = commits.commit_hash
