-- The trackers of a large company: raw.* of issues and change requests, beside the
-- commits of history.sql.
--
-- A block has change requests 1 to 5 (merged with two parents, squashed from three
-- commits, squashed from one, rebased, abandoned) and issues 6 to 15.
create temp table items as
select
    *,
    source || '#tracker' as tracker_source,
    15 * block + place as item_number,
    if(place <= 5, 'change_request', 'issue') as item_kind,
    concat_ws('/', source, item_kind, item_number) as item_id,
    'person' || person_of(item_id, 'login') as author_login,
    begun_at + lasts * (place / 50) as created_at,
    -- A fifth stays open; half of the others are closed within the first tenth.
    case when place <= 4 or chance(item_id, 'closed') < 0.8 then created_at + case
        when place in (1, 4) then lasts * 0.9
        when place in (2, 3) then lasts * 0.5
        else to_seconds((chance(item_id, 'delay') ** 3 * 15552000)::bigint)
    end end as ended_at,
    case when ended_at < observed_at then ended_at end as closed_at,
    if(closed_at is null, 'open', 'closed') as state,
    case when place > 5 and chance(item_id, 'reopened') < 0.05
        then least(closed_at + interval 2 days, observed_at) end as reopened_at,
    coalesce(reopened_at + interval 1 day, closed_at) as last_closed_at,
    list_transform(
        range((hash(item_id) % 4)::bigint),
        lambda n: 'label-' || (hash(item_id) // 4 + 7 * n) % 30
    ) as label_names,
    case when hash(item_id) % 2 = 0 then 'person' || person_of(item_id, 'assignee') end
        as assignee,
    case when hash(item_id) % 3 = 0 then source || '/milestone/' || (block // 20) end
        as milestone_id,
    case when hash(item_id) % 3 = 0 then 'Milestone ' || (block // 20) end as milestone_title,
    repeat(sha1(item_id), 10) as payload
from blocks, range(1, 16) as places (place);

create temp table versions as
select
    *,
    'run-' || batch as run_id,
    least(greatest(created_at, last_closed_at) + interval 1 hour, observed_at) as updated_at
from items, range(1, 3) as batches (batch)
-- What is a year old was seen by the first run, and a tenth of it changed since.
where if(batch = 1, created_at < observed_at - interval 365 days, created_at
    >= observed_at - interval 365 days or chance(item_id, 'changed') < 0.1);

insert into raw.trackers by name
select
    source || '#tracker' as source,
    'run-1' as run_id,
    observed_at - interval 365 days as observed_at,
    1 as batch,
    'github' as tracker_kind,
    sha1(source) as tracker_id,
    replace(source, 'github.com/', '') as path,
    'https://' || source as url,
    source as repository,
    'main' as default_branch,
    'private' as visibility,
    false as is_archived,
    true as has_issues,
    timestamptz '2014-01-01 00:00:00+00' as created_at
from repositories;

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

insert into raw.comments by name
select
    tracker_source as source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    if(item_kind = 'change_request' and number % 2 = 1, 'review_comment', 'comment')
        as comment_kind,
    concat_ws('-', item_number, number) as comment_id,
    item_kind,
    item_number,
    if(number = 0 and place % 2 = 0, 'robot-1[bot]', 'person' || person_of(item_id, number))
        as author_login,
    if(number = 0 and place % 2 = 0, 'bot', 'person') as author_kind,
    created_at + to_seconds(((number + chance(item_id, number)) * 86400)::bigint)
        as created_at,
    created_at as updated_at,
    case when number = 3 then item_number || '-1' end as review_id,
    left(payload, 200) as payload
from items, range((hash(item_id, 'comments') % 7)::bigint) as comments (number);

insert into raw.reviews by name
select
    tracker_source as source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    item_number as change_request_number,
    item_number || '-' || number as review_id,
    'person' || person_of(item_id, number) as reviewer_login,
    'person' as reviewer_kind,
    if(number = 1, 'approved', 'commented') as verdict,
    created_at + lasts * (0.1 + number / 10) as submitted_at,
    name_of(source, block, branch_length) as commit_hash,
    left(payload, 200) as payload
from items, range((hash(item_id, 'reviews') % 4)::bigint) as reviews (number)
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

insert into raw.milestones by name
select
    source || '#tracker' as source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    source || '/milestone/' || (block // 20) as milestone_id,
    1 + block // 20 as milestone_number,
    'Milestone ' || (block // 20) as title,
    'open' as state,
    strftime(begun_at + lasts * 20, '%Y-%m-%d') as due_on,
    begun_at as created_at,
    begun_at as updated_at
from blocks
where block % 20 = 0;

insert into raw.labels by name
select
    source || '#tracker' as source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    'label-' || number as label,
    'd73a4a' as color
from repositories, range(30) as labels (number);

insert into raw.releases by name
select
    source || '#tracker' as source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    source || '/release/' || block as release_id,
    'v1.' || block as tag_name,
    'v1.' || block as title,
    'person9' as author_login,
    false as is_draft,
    block % 50 = 0 as is_prerelease,
    begun_at + lasts as created_at,
    begun_at + lasts as released_at
from blocks
where block % 10 = 0;

insert into raw.deployments by name
select
    source || '#tracker' as source,
    'run-2' as run_id,
    observed_at,
    2 as batch,
    concat_ws('/', source, 'deployment', block, environment) as deployment_id,
    environment,
    environment = 'production' as is_production,
    'main' as ref,
    name_of(source, block, 33) as commit_hash,
    'person9' as creator_login,
    if(hash(deployment_id) % 10 = 0, 'failed', 'success') as status,
    begun_at + lasts as status_at,
    case when status = 'success' then status_at end as succeeded_at,
    status_at as created_at,
    status_at as updated_at
from blocks, unnest(['production', 'staging']) as environments (environment)
where block % 10 = 0;

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
