-- raw.* of what was said on the items of items.sql.
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
