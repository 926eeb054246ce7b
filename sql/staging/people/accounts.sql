-- The accounts that trackers name, by their newest names, and what kind they say that
-- these are.
--
-- Where several accounts have one name, such as those of a host's agents, the greatest
-- identifier is taken: it does not depend on when each was observed.
--
-- grain: account_host, login
with

renames as (

    select
        trackers.account_host,
        any_value(renames.logins_by_id) as logins_by_id,
        any_value(renames.logins) as logins
    from staging.renames as renames
    inner join staging.trackers as trackers
        on renames.tracker_source = trackers.tracker_source
    group by trackers.account_host

)

select
    sightings.account_host,
    coalesce(
        renames.logins_by_id[sightings.account_id],
        renames.logins[sightings.login],
        sightings.login
    ) as login,
    arg_max(
        sightings.account_id, (length(sightings.account_id), sightings.account_id)
    ) filter (where sightings.account_id is not null) as account_id,
    bool_or(sightings.native_kind = 'ghost') as is_ghost,
    bool_or(sightings.native_kind = 'bot') as is_bot
from staging.account_sightings as sightings
left join renames on sightings.account_host = renames.account_host
group by all
