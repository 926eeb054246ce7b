-- Every row came with a batch that is loaded.
with

brought as (

    select (source, batch) as batch_key from raw.repositories
    union
    select (source, batch) as batch_key from raw.commits
    union
    select (source, batch) as batch_key from raw.commit_trailers
    union
    select (source, batch) as batch_key from raw.commit_files
    union
    select (source, batch) as batch_key from raw.refs
    union
    select (source, batch) as batch_key from raw.tags
    union
    select (source, batch) as batch_key from raw.reachability
    union
    select (source, batch) as batch_key from raw.mailmap_entries
    union
    select (source, batch) as batch_key from raw.rejects

)

select * from brought
where
    batch_key not in (
        select (batches.source, batches.batch) from raw.batches as batches
    )
