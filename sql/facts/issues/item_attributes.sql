-- The intervals in which each issue and change request had a label, milestone or
-- assignee, with the evidence of both ends.
--
-- Events have priority; fields fill what no event records.
--
-- grain: tracker_source, item_kind, item_number, attribute, attribute_value, interval_number
-- export: by quarter
with

intervals as (

    select
        *,
        row_number() over in_order as change_number,
        lead(evidence) over in_order as valid_to_evidence,
        lead(changed_at) over in_order as valid_to_at
    from intermediate.item_attribute_changes
    window
        in_order as (
            partition by tracker_source, item_kind, item_number, attribute, attribute_value
            order by changed_at, event_number
        )

),

item_attributes as (

    select
        intervals.source,
        intervals.tracker_source,
        intervals.item_kind,
        intervals.item_number,
        intervals.attribute,
        intervals.attribute_value,
        (intervals.change_number + 1) // 2 as interval_number,

        intervals.evidence as valid_from_evidence,
        intervals.valid_to_evidence,
        intervals.changed_at as valid_from_at,
        intervals.valid_to_at,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on
    from intervals
    left join staging.quarter_years as quarters
        on
            year(intervals.changed_at) = quarters.in_year
            and intervals.changed_at >= quarters.starts_at
            and intervals.changed_at < quarters.ends_at
    where intervals.is_set

)

select * from item_attributes
