-- raw.* of what happened to the items of items.sql.
insert into raw.item_events by name
with happenings as (
    select *, 'labeled' as event_kind, unnest(list_distinct(label_names)) as label,
        null as event_hash, null as old_value, created_at as happened_at from items
    union all by name
    select *, 'assigned' as event_kind, created_at as happened_at from items
    where assignee is not null
    union all by name
    select *, 'milestoned' as event_kind, created_at + interval 1 hour as happened_at
    from items where milestone_title is not null
    union all by name
    select *, 'renamed' as event_kind, 'Older title' as old_value,
        created_at + interval 1 hour as happened_at
    from items where chance(item_id, 'renamed') < 0.1
    union all by name
    select *, 'referenced' as event_kind, name_of(source, block, 16) as event_hash,
        created_at + interval 2 hours as happened_at
    from items where chance(item_id, 'referenced') < 0.4
    union all by name
    select *, 'review_requested' as event_kind, created_at as happened_at from items
    where item_kind = 'change_request'
    union all by name
    select *, 'force_pushed' as event_kind, sha1(item_id) as old_value,
        created_at + lasts * 0.1 as happened_at
    from items where item_kind = 'change_request' and chance(item_id, 'pushed') < 0.2
    union all by name
    select *, unnest(['draft', 'ready']) as event_kind,
        created_at + lasts * unnest([0.05, 0.1]) as happened_at
    from items where item_kind = 'change_request' and chance(item_id, 'draft') < 0.1
    union all by name
    select *, 'merged' as event_kind,
        name_of(source, block, list_extract([33, 14, 20, 25], place)) as event_hash,
        closed_at as happened_at
    from items where place < 5 and closed_at is not null
    union all by name
    select *, 'closed' as event_kind,
        case when chance(item_id, 'by') < 0.3 then name_of(source, block, 14) end
            as event_hash,
        closed_at as happened_at
    from items where closed_at is not null and chance(item_id, 'untold') > 0.01
    union all by name
    select *, unnest(['reopened', 'closed']) as event_kind,
        unnest([reopened_at, last_closed_at]) as happened_at
    from items where reopened_at is not null
)
select
    tracker_source as source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    item_kind,
    item_number,
    (row_number() over (order by item_id, event_kind, happened_at, label))::varchar
        as event_id,
    event_kind,
    event_kind as native_kind,
    'person' || person_of(item_id, event_kind) as actor_login,
    'person' as actor_kind,
    happened_at,
    label,
    case when event_kind = 'milestoned' then milestone_title end as milestone_title,
    case when event_kind in ('assigned', 'review_requested') then assignee end
        as subject_login,
    old_value,
    event_hash as commit_hash,
    left(payload, 200) as payload
from happenings;
