-- Every row belongs to a loaded batch.
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
    select (source, batch) as batch_key from raw.ai_notes
    union
    select (source, batch) as batch_key from raw.mailmap_entries
    union
    select (source, batch) as batch_key from raw.path_attributes
    union
    select (source, batch) as batch_key from raw.rejects
    union
    select (source, batch) as batch_key from raw.trackers
    union
    select (source, batch) as batch_key from raw.issues
    union
    select (source, batch) as batch_key from raw.change_requests
    union
    select (source, batch) as batch_key from raw.item_events
    union
    select (source, batch) as batch_key from raw.reviews
    union
    select (source, batch) as batch_key from raw.comments
    union
    select (source, batch) as batch_key from raw.change_request_commits
    union
    select (source, batch) as batch_key from raw.milestones
    union
    select (source, batch) as batch_key from raw.labels
    union
    select (source, batch) as batch_key from raw.label_names
    union
    select (source, batch) as batch_key from raw.releases
    union
    select (source, batch) as batch_key from raw.deployments
    union
    select (source, batch) as batch_key from raw.pipeline_runs
    union
    select (source, batch) as batch_key from raw.ledgers
    union
    select (source, batch) as batch_key from raw.ledger_projects
    union
    select (source, batch) as batch_key from raw.ledger_tasks
    union
    select (source, batch) as batch_key from raw.ledger_deployments
    union
    select (source, batch) as batch_key from raw.ledger_incidents
    union
    select (source, batch) as batch_key from raw.ledger_activities
    union
    select (source, batch) as batch_key from raw.ledger_measurements
    union
    select (source, batch) as batch_key from raw.ledger_targets
    union
    select (source, batch) as batch_key from raw.tombstones

)

select * from brought
where
    batch_key not in (
        select (batches.source, batches.batch) from raw.batches as batches
    )
