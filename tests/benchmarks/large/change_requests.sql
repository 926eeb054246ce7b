-- raw.* of change requests and their commits, from items.sql and history.sql.
insert into raw.change_requests by name
select
    tracker_source as source,
    run_id,
    observed_at - to_days(if(batch = 1, 365, 0)) as observed_at,
    batch,
    item_number as change_request_number,
    item_id,
    'https://' || item_id as url,
    'Change of matter ' || item_number as title,
    'What is better in ' || item_id as body,
    author_login,
    'person' as author_kind,
    to_json(list_filter([assignee], lambda login: login is not null)) as assignees,
    to_json(list_sort(list_distinct(label_names))) as labels,
    milestone_id,
    milestone_title,
    state,
    false as is_locked,
    4 as comment_count,
    created_at,
    updated_at,
    closed_at,
    false as is_draft,
    'main' as base_ref,
    'branch' as head_ref,
    case place
        when 1 then name_of(source, block, branch_length)
        when 5 then name_of(source, block, 11)
        else name_of(source, item_id, 9)
    end as head_hash,
    split_part(source, '/', 3) as head_repository,
    '[]' as requested_reviewers,
    case when place < 5 then closed_at end as merged_at,
    case when merged_at is not null then 'person' || person_of(item_id, 'merger') end
        as merged_by_login,
    case when merged_at is not null
        then name_of(source, block, list_extract([33, 14, 20, 25], place)) end
        as merge_commit_hash,
    payload
from versions
where item_kind = 'change_request';

insert into raw.change_request_commits by name
with own as (
    select *, unnest(case place
        when 1 then range(1, branch_length + 1)
        when 2 then [12, 13, 14]
        when 3 then [20]
        when 4 then [24, 25]
        else [11]
    end) as own_position
    from items where item_kind = 'change_request'
)
select
    own.tracker_source as source,
    'run-2' as run_id,
    own.observed_at,
    2 as batch,
    own.item_number as change_request_number,
    -- What is squashed or rebased has other names before.
    if(own.place in (1, 5), commits.commit_hash, sha1('own/' || commits.commit_hash))
        as commit_hash,
    row_number() over (partition by own.item_id order by own.own_position) as position,
    raws.author_name,
    raws.author_email,
    raws.authored_at,
    raws.committed_at
from own
inner join history as commits
    on own.source = commits.source and own.block = commits.block
    and own.own_position = commits.position
inner join raw.commits as raws
    on commits.source = raws.source and commits.commit_hash = raws.commit_hash;
