-- How much each change request changes: the squashed commit if it was squashed, otherwise its
-- own commits, each path once, if all of them were mined.
--
-- grain: tracker_source, change_request_number
with

own_lines as (

    select
        own.source,
        own.tracker_source,
        own.change_request_number,
        bool_and(commits.commit_hash is not null) as is_mined,
        coalesce(sum(commits.lines_added), 0)::bigint as lines_added,
        coalesce(sum(commits.lines_deleted), 0)::bigint as lines_deleted
    from facts.change_request_commits as own
    left join facts.commits as commits
        on own.source = commits.source and own.commit_hash = commits.commit_hash
    group by own.source, own.tracker_source, own.change_request_number

),

own_files as (

    select
        own.tracker_source,
        own.change_request_number,
        count(distinct files.path) as file_count
    from facts.change_request_commits as own
    inner join staging.commit_files as files
        on own.source = files.source and own.commit_hash = files.commit_hash
    group by own.tracker_source, own.change_request_number

),

squashed as (

    select
        landings.source,
        landings.tracker_source,
        landings.change_request_number,
        commits.file_count,
        commits.lines_added,
        commits.lines_deleted
    from intermediate.change_request_merges as landings
    inner join facts.commits as commits
        on landings.source = commits.source and landings.merge_commit_hash = commits.commit_hash
    where landings.merge_method = 'squash' and not commits.is_merge

)

select
    source,
    tracker_source,
    change_request_number,
    'squashed_commit' as size_evidence,
    file_count,
    lines_added,
    lines_deleted
from squashed

union all

select
    own_lines.source,
    own_lines.tracker_source,
    own_lines.change_request_number,
    'own_commits' as size_evidence,
    coalesce(own_files.file_count, 0) as file_count,
    own_lines.lines_added,
    own_lines.lines_deleted
from own_lines
left join own_files
    on
        own_lines.tracker_source = own_files.tracker_source
        and own_lines.change_request_number = own_files.change_request_number
anti join squashed
    on
        own_lines.tracker_source = squashed.tracker_source
        and own_lines.change_request_number = squashed.change_request_number
where own_lines.is_mined
