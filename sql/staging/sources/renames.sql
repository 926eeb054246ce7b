-- The new names of what was renamed in each tracker: from an account's identifier, and
-- from the former names of accounts, labels and milestones. A tracker in which nothing
-- was renamed has no row.
--
-- grain: tracker_source
-- made: as a table
with

names as (

    select distinct
        trackers.tracker_source,
        'account_id' as named,
        renamed.account_id as former_name,
        renamed.login as new_name
    from staging.trackers as trackers
    inner join staging.renamed_accounts as renamed
        on trackers.account_host = renamed.account_host

    union all

    select
        trackers.tracker_source,
        'login' as named,
        renamed.former_login as former_name,
        renamed.login as new_name
    from staging.trackers as trackers
    inner join staging.renamed_accounts as renamed
        on trackers.account_host = renamed.account_host and renamed.is_last_holder

    union all

    select
        tracker_source,
        attribute as named,
        former_value as former_name,
        attribute_value as new_name
    from staging.renamed_attributes

),

maps as (

    select
        tracker_source,
        named,
        map_from_entries(list((former_name, new_name) order by former_name)) as new_names
    from names
    group by tracker_source, named

)

select
    tracker_source,
    any_value(new_names) filter (where named = 'account_id') as logins_by_id,
    any_value(new_names) filter (where named = 'login') as logins,
    any_value(new_names) filter (where named = 'label') as labels,
    any_value(new_names) filter (where named = 'milestone') as milestones
from maps
group by tracker_source
