-- The accounts that trackers name, and what kind they say that these are.
--
-- grain: account_host, login
with

sightings (tracker_source, login, native_kind) as (

    select
        tracker_source,
        author_login,
        author_kind
    from staging.issues
    union all
    select
        tracker_source,
        author_login,
        author_kind
    from staging.change_requests
    union all
    select
        tracker_source,
        actor_login,
        actor_kind
    from staging.item_events
    union all
    select
        tracker_source,
        reviewer_login,
        reviewer_kind
    from staging.reviews
    union all
    select
        tracker_source,
        author_login,
        author_kind
    from staging.comments

),

logins as (

    select
        trackers.account_host,
        sightings.login,
        bool_or(sightings.native_kind = 'ghost') as is_ghost,
        bool_or(sightings.native_kind = 'bot') as is_bot
    from sightings
    inner join staging.trackers as trackers
        on sightings.tracker_source = trackers.tracker_source
    where sightings.login is not null
    group by trackers.account_host, sightings.login

)

select * from logins
