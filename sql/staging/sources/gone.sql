-- What trackers were last found to have no longer, and when that was noticed.
--
-- It holds for what was last found in the tombstone's batch or before; what was found
-- anew since is there.
--
-- grain: tracker_source, record, record_key
with

versions as (

    select
        *,
        lag(is_gone, 1, false) over (
            partition by source, record, record_key
            order by batch
        ) as was_gone
    from raw.tombstones
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)

),

newest as (

    select
        source as tracker_source,
        record,
        record_key,
        max(batch) as batch,
        arg_max(is_gone, batch) as is_gone,
        replace(arg_max(fate, batch), 'removed', 'deleted') as fate,
        arg_max(moved_to, batch) as moved_to,
        max(observed_at) filter (where is_gone and not was_gone) as gone_noticed_at
    from versions
    group by source, record, record_key

)

select * from newest
where is_gone
