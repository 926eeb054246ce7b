-- The issues and change requests that ever had a label which means something in a
-- project, and since when.
--
-- grain: project, rule, tracker_source, item_kind, item_number
with

labels as (

    select
        *,
        lower(attribute_value) as label
    from facts.item_attributes
    where attribute = 'label'

),

used as (

    select distinct
        source,
        label
    from labels

),

meanings as (

    select distinct
        owned.project,
        owned.source,
        ruled.rule,
        used.label
    from facts.project_repositories as owned
    inner join settings.project_rules as ruled
        on owned.project = ruled.project and ruled.rule like '%labels'
    inner join used
        on owned.source = used.source and used.label glob ruled.matcher

)

select
    meanings.project,
    meanings.rule,
    labels.source,
    labels.tracker_source,
    labels.item_kind,
    labels.item_number,
    min(labels.valid_from_at) as labelled_at
from labels
inner join meanings on labels.source = meanings.source and labels.label = meanings.label
group by
    meanings.project, meanings.rule, labels.source, labels.tracker_source,
    labels.item_kind, labels.item_number
