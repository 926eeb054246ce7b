-- Everything that a project may call a deployment, and why it counts or does not.
--
-- A deployment begins before it has succeeded; a release and a tag begin as they are made,
-- a lightweight tag no earlier than the last poll without it.
-- One that did not succeed is dated by its last status. One dated after the last poll of
-- its repository, such as a release that is announced, counts once a poll reaches it. One
-- dated before 1970 has no usable time.
--
-- A name of production may have more after a sign or a space: prod-eu, prod/eu,
-- Production – EU.
--
-- grain: source, deployment_kind, deployment_id
with

candidates as (

    select
        deployments.source,
        'deployment' as deployment_kind,
        replace(deployments.tracker_source, '#tracker', '')
        || '/deployments/' || deployments.deployment_id as deployment_id,
        deployments.environment as name,
        tags.tag_name,
        null as url,
        deployments.creator_login as person,
        -- Without tiers, no environment is one of production unless somebody says so.
        coalesce(
            if(
                kinds.has_environment_tiers,
                deployments.is_production,
                nullif(deployments.is_production, false)
            ),
            regexp_full_match(
                lower(deployments.environment),
                '(production|prod|live)(\s*[-–—/_:.|(]\s*.+|\s+.+)?'
            ),
            false
        ) as is_production,
        deployments.commit_hash,
        deployments.created_at as began_at,
        coalesce(deployments.succeeded_at, deployments.status_at, deployments.created_at)
            as deployed_at,
        case
            when deployments.fate is not null then 'deleted'
            when deployments.succeeded_at is not null then 'counted'
            when deployments.status in ('failed', 'canceled') then deployments.status
            else 'not_finished'
        end as reason,
        null as deployed_at_evidence
    from facts.deployments as deployments
    inner join staging.trackers as trackers
        on deployments.tracker_source = trackers.tracker_source
    left join settings.tracker_kinds as kinds
        on trackers.tracker_kind = kinds.tracker_kind
    left join intermediate.first_tags as tags
        on
            deployments.source = tags.source
            and regexp_replace(deployments.deployed_ref, '^refs/tags/', '')
            = tags.tag_name

    union all

    select
        releases.source,
        'release' as deployment_kind,
        replace(releases.tracker_source, '#tracker', '')
        || '/releases/' || releases.release_id as deployment_id,
        releases.tag_name as name,
        releases.tag_name,
        releases.url,
        releases.author_login as person,
        true as is_production,
        coalesce(tags.commit_hash, releases.commit_hash) as commit_hash,
        releases.released_at as began_at,
        releases.released_at as deployed_at,
        if(releases.fate is null, 'counted', 'deleted') as reason,
        null as deployed_at_evidence
    from facts.releases as releases
    left join intermediate.first_tags as tags
        on releases.source = tags.source and releases.tag_name = tags.tag_name
    where not releases.is_unpublished

    union all

    select
        source,
        'tag' as deployment_kind,
        source || '/tags/' || tag_name as deployment_id,
        tag_name as name,
        tag_name,
        null as url,
        person,
        true as is_production,
        commit_hash,
        tagged_at_earliest as began_at,
        tagged_at as deployed_at,
        'counted' as reason,
        nullif(tagged_at_evidence, 'tag_object') as deployed_at_evidence
    from intermediate.first_tags
    where commit_hash is not null

)

select
    candidates.* replace (
        least(candidates.began_at, candidates.deployed_at) as began_at,
        case
            when candidates.reason != 'counted' then candidates.reason
            when candidates.deployed_at > looks.last_observed_at then 'after_last_poll'
            when epoch_us(candidates.deployed_at) <= 0 then 'unusable_time'
            else 'counted'
        end as reason
    )
from candidates
inner join intermediate.source_observations as looks on candidates.source = looks.source
where candidates.deployed_at is not null
