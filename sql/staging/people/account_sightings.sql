-- Every name under which a tracker named an account, and since and until when it did.
--
-- grain: account_host, login, account_id, native_kind
with

sightings (source, login, account_id, native_kind, observed_at) as (

    select
        source,
        author_login,
        author_id,
        author_kind,
        observed_at
    from raw.issues_known
    union all
    select
        source,
        author_login,
        author_id,
        author_kind,
        observed_at
    from raw.change_requests_known
    union all
    select
        source,
        actor_login,
        actor_id,
        actor_kind,
        observed_at
    from raw.item_events_known
    union all
    select
        source,
        reviewer_login,
        reviewer_id,
        reviewer_kind,
        observed_at
    from raw.reviews_known
    union all
    select
        source,
        author_login,
        author_id,
        author_kind,
        observed_at
    from raw.comments_known

)

select
    trackers.account_host,
    sightings.login,
    sightings.account_id,
    sightings.native_kind,
    max(sightings.observed_at) as last_observed_at
from sightings
inner join staging.trackers as trackers on sightings.source = trackers.tracker_source
where sightings.login is not null
group by all
