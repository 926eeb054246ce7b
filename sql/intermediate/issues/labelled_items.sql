-- The issues and change requests that ever had a label which means something in a
-- project, and since when.
--
-- A label means what its name of today or a former name says.
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

-- The names of each label: that of today, and those before it was renamed.
named as (

    select distinct
        source,
        label,
        label as label_name
    from labels

    union

    select distinct
        labels.source,
        labels.label,
        lower(renamed.former_value) as label_name
    from labels
    inner join staging.renamed_attributes as renamed
        on
            labels.tracker_source = renamed.tracker_source
            and labels.attribute = renamed.attribute
            and labels.attribute_value = renamed.attribute_value

),

meanings as (

    select distinct
        owned.project,
        owned.source,
        ruled.rule,
        named.label
    from facts.project_repositories as owned
    inner join settings.project_rules as ruled
        on owned.project = ruled.project and ruled.rule like '%labels'
    inner join named
        on owned.source = named.source and named.label_name glob ruled.matcher

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
