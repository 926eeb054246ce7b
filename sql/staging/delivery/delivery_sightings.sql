-- The first observation of each deployment, release and milestone of a tracker, and of
-- each tag of a repository, and whether the tracker deleted it.
--
-- grain: observed_source, record, record_key
with

seen as (

    select
        source as observed_source,
        'deployments' as record,
        deployment_id::varchar as record_key,
        observed_at
    from raw.deployments

    union all

    select
        source as observed_source,
        'releases' as record,
        release_id::varchar as record_key,
        observed_at
    from raw.releases

    union all

    select
        source as observed_source,
        'milestones' as record,
        milestone_id::varchar as record_key,
        observed_at
    from raw.milestones

    union all

    select
        source as observed_source,
        'tags' as record,
        regexp_replace(ref_name, '^refs/tags/', '') as record_key,
        observed_at
    from staging.ref_versions
    where starts_with(ref_name, 'refs/tags/')

),

firsts as (

    select
        observed_source,
        record,
        record_key,
        min(observed_at) as first_observed_at
    from seen
    group by observed_source, record, record_key

)

select
    firsts.*,
    deletions.record_key is not null as is_deleted
from firsts
left join raw.deletions as deletions
    on
        firsts.observed_source = deletions.source
        and firsts.record = deletions.record
        and firsts.record_key = deletions.record_key
