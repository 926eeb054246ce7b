-- The issues and change requests of a large company, beside the commits of history.sql.
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
