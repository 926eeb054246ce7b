-- The change request that closed an issue, for each event that names it or a commit of
-- it.
--
-- The event names the change request itself, by its identifier or, in a note, its
-- reference such as `!12` or `group/app!12`; or else a commit that is the merge, or one
-- of the commits, of a merged change request of the same repository; of several the one
-- with the lowest number is taken. The tracker's own merge event names the commit of a
-- merge too, also where no repository is mined.
--
-- grain: tracker_source, issue_number, event_id
with

named as (

    select
        tracker_source,
        item_number as issue_number,
        event_id,
        unnest(['item', 'reference', 'commit']) as named_by,
        unnest([closing_item_id, lower(new_value), commit_hash]) as known_as
    from facts.item_events
    where item_kind = 'issue' and event_kind = 'closed'

),

requests as (

    select
        tracker_source,
        change_request_number,
        'item' as named_by,
        item_id as known_as
    from staging.change_requests

    union

    select
        requests.tracker_source,
        requests.change_request_number,
        'reference' as named_by,
        unnest(['', lower(trackers.tracker_path)])
        || '!' || requests.change_request_number as known_as
    from staging.change_requests as requests
    inner join staging.trackers as trackers
        on requests.tracker_source = trackers.tracker_source

    union

    select
        tracker_source,
        change_request_number,
        'commit' as named_by,
        merge_commit_hash as known_as
    from intermediate.change_request_merges

    union

    select
        tracker_source,
        item_number as change_request_number,
        'commit' as named_by,
        commit_hash as known_as
    from facts.item_events
    where
        item_kind = 'change_request'
        and event_kind = 'merged'
        and commit_hash is not null

    union

    select
        landings.tracker_source,
        landings.change_request_number,
        'commit' as named_by,
        commits.commit_hash as known_as
    from intermediate.change_request_merges as landings
    inner join facts.change_request_commits as commits
        on
            landings.tracker_source = commits.tracker_source
            and landings.change_request_number = commits.change_request_number

),

closers as (

    select
        named.tracker_source,
        named.issue_number,
        named.event_id,
        arg_min(
            requests.change_request_number,
            (named.named_by = 'commit', requests.change_request_number)
        ) as closed_by_change_request_number
    from named
    inner join requests
        on
            named.tracker_source = requests.tracker_source
            and named.named_by = requests.named_by
            and named.known_as = requests.known_as
    group by named.tracker_source, named.issue_number, named.event_id

)

select * from closers
