-- The target of each ref in each interval between two observed changes.
--
-- A version starts with the run that first observed it. A deleted ref has no current
-- version.
--
-- grain: source, ref_name, version_number
-- export: whole
with

versions as (

    select
        *,
        row_number() over by_batch as version_number,
        lead(observed_at) over by_batch as valid_to_at
    from staging.ref_versions
    window by_batch as (partition by source, ref_name order by batch)

),

refs as (

    select
        source,
        ref_name,
        version_number,

        ref_kind,
        target_hash,
        commit_hash as target_commit_hash,
        symbolic_target,
        valid_to_at is null as is_current,

        observed_at as valid_from_at,
        valid_to_at
    from versions
    where target_hash is not null

)

select * from refs
