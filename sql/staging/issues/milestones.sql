-- Every milestone as it was last found, with its fate if it is there no more.
--
-- The newest version is the one that the tracker changed last, so that a stale answer
-- that arrives late does not win.
--
-- grain: tracker_source, milestone_id
with

newest as (

    select * from raw.milestones
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, milestone_id
            order by (coalesce(updated_at, '-infinity'::timestamptz), batch) desc
        ) = 1

),

milestones as (

    select
        trackers.source,
        trackers.tracker_source,
        newest.milestone_id,
        newest.milestone_number,
        newest.title,
        newest.state,
        try_cast(newest.start_on as date) as start_on,
        try_cast(newest.due_on as date) as due_on,
        newest.url,
        newest.created_at,
        newest.updated_at,
        newest.closed_at,
        gone.fate,
        gone.gone_noticed_at
    from newest
    inner join staging.trackers as trackers on newest.source = trackers.tracker_source
    left join staging.gone as gone
        on
            newest.source = gone.tracker_source
            and gone.record = 'milestones'
            and newest.milestone_id = gone.record_key
            and newest.batch <= gone.batch

)

select * from milestones
