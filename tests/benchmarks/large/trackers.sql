-- raw.* of the trackers themselves: what they answered, their milestones and labels.
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
