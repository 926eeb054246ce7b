-- Every deployment as it was last found, with its fate if it is there no more.
--
-- The newest version is the one that the tracker changed last, so that a stale answer
-- that arrives late does not win.
--
-- grain: tracker_source, deployment_id
with

newest as (

    select * from raw.deployments
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, deployment_id
            order by (coalesce(updated_at, '-infinity'::timestamptz), batch) desc
        ) = 1

),

deployments as (

    select
        trackers.source,
        trackers.tracker_source,
        newest.deployment_id,
        newest.environment,
        newest.is_production,
        newest.ref,
        newest.commit_hash,
        newest.creator_login,
        newest.status,
        newest.status_at,
        newest.succeeded_at,
        newest.created_at,
        newest.updated_at,
        gone.fate,
        gone.gone_noticed_at
    from newest
    inner join staging.trackers as trackers on newest.source = trackers.tracker_source
    left join staging.gone as gone
        on
            newest.source = gone.tracker_source
            and gone.record = 'deployments'
            and newest.deployment_id = gone.record_key
            and newest.batch <= gone.batch

)

select * from deployments
