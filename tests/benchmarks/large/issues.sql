-- raw.* of issues, and which of them are gone, from items.sql.
insert into raw.issues by name
select
    tracker_source as source,
    run_id,
    observed_at - to_days(if(batch = 1, 365, 0)) as observed_at,
    batch,
    item_number as issue_number,
    item_id,
    'https://' || item_id as url,
    'Issue about matter ' || item_number as title,
    'What is wrong with ' || item_id as body,
    author_login,
    'person' as author_kind,
    to_json(list_filter([assignee], lambda login: login is not null)) as assignees,
    to_json(list_sort(list_distinct(label_names))) as labels,
    milestone_id,
    milestone_title,
    state,
    false as is_locked,
    3 as comment_count,
    created_at,
    updated_at,
    last_closed_at as closed_at,
    case when state = 'closed' then author_login end as closed_by_login,
    case when state = 'closed' then 'completed' end as state_reason,
    false as is_confidential,
    payload
from versions
where item_kind = 'issue';

insert into raw.tombstones by name
select
    tracker_source as source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    'issues' as record,
    item_number::varchar as record_key,
    true as is_gone,
    'deleted' as fate
from items
where item_kind = 'issue' and chance(item_id, 'gone') < 0.002;
