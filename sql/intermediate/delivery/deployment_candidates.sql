-- Everything that a project may call a deployment, and why it counts or does not.
--
-- A deployment begins before it has succeeded; a release and a tag begin as they are made.
-- One that did not succeed is dated by its last status. One dated after the last poll of
-- its repository, such as a release that is announced, counts once a poll reaches it.
--
-- grain: source, deployment_kind, deployment_id
with

-- The tags as each was first seen: the commit that it named, when it was made, by whom.
tags as (

    select
        refs.source,
        regexp_replace(refs.ref_name, '^refs/tags/', '') as tag_name,
        refs.target_commit_hash as commit_hash,
        coalesce(objects.tagged_at, commits.committed_at) as tagged_at,
        coalesce(objects.tagger_person_id, commits.committer_person_id) as person
    from facts.refs as refs
    left join facts.tags as objects
        on refs.source = objects.source and refs.target_hash = objects.tag_hash
    left join facts.commits as commits
        on refs.source = commits.source and refs.target_commit_hash = commits.commit_hash
    where refs.ref_kind = 'tag' and refs.version_number = 1

),

production_names (environment) as (

    values ('production'), ('prod'), ('live')

),

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
        coalesce(deployments.is_production, false) or names.environment is not null
            as is_production,
        deployments.commit_hash,
        deployments.created_at as began_at,
        coalesce(deployments.succeeded_at, deployments.status_at, deployments.created_at)
            as deployed_at,
        case
            when deployments.fate is not null then 'deleted'
            when deployments.succeeded_at is not null then 'counted'
            when deployments.status in ('failed', 'canceled') then deployments.status
            else 'not_finished'
        end as reason
    from facts.deployments as deployments
    left join production_names as names
        on lower(deployments.environment) = names.environment
    left join tags
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
        if(releases.fate is null, 'counted', 'deleted') as reason
    from facts.releases as releases
    left join tags
        on releases.source = tags.source and releases.tag_name = tags.tag_name
    where not releases.is_unpublished and not releases.is_prerelease

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
        tagged_at as began_at,
        tagged_at as deployed_at,
        'counted' as reason
    from tags
    where commit_hash is not null

)

select
    candidates.* replace (
        least(candidates.began_at, candidates.deployed_at) as began_at,
        if(
            candidates.reason = 'counted'
            and candidates.deployed_at > looks.last_observed_at,
            'after_last_poll',
            candidates.reason
        ) as reason
    )
from candidates
inner join intermediate.source_observations as looks on candidates.source = looks.source
where candidates.deployed_at is not null
