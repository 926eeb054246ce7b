-- The things behind the rows of sealed quarters that changed since: the subject of each
-- row, the incident or deployment that it named then, and the one that it names now.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id, thing_type, thing_id
with

changes as (select * from figures.kpi_changes),

named as (

    select distinct
        kpi,
        project,
        source,
        quarter,
        subject_type,
        subject_id,
        if(subject_type = 'deployment', 'incident', 'deployment') as thing_type,
        unnest([was_related_id, is_related_id]) as thing_id
    from changes
    where subject_type in ('deployment', 'incident', 'commit')

)

select
    kpi,
    project,
    source,
    quarter,
    subject_type,
    subject_id,
    subject_type as thing_type,
    subject_id as thing_id,
    true as is_subject
from changes

union all

select
    *,
    false as is_subject
from named
where thing_id is not null
