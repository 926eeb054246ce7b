-- The things behind the rows of sealed quarters that changed since: the subject of each
-- row, the incident or deployment that it named then, and the one that it names now.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id, thing_type, thing_id
with

named as (

    select
        changes.*,
        if(changes.subject_type = 'deployment', 'incident', 'deployment') as thing_type,
        unnest(list_distinct([changes.was_related_id, changes.is_related_id])) as thing_id,
        false as is_subject
    from figures.kpi_changes as changes
    where changes.subject_type in ('deployment', 'incident', 'commit')

)

select
    changes.*,
    changes.subject_type as thing_type,
    changes.subject_id as thing_id,
    true as is_subject
from figures.kpi_changes as changes

union all

select * from named
