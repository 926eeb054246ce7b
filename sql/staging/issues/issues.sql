-- Every issue as it was last found, with its fate if it is there no more.
--
-- The newest version is the one that the tracker changed last, so that a stale answer
-- that arrives late does not win. What caused an incident is named in its text by a line
-- such as "Root cause: 4be1f9a", "Caused by: #12" or "Deployment: v1.2".
--
-- grain: tracker_source, issue_number
with

newest as (

    select * from raw.issues
    where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)
    qualify
        row_number() over (
            partition by source, issue_number
            order by (coalesce(updated_at, '-infinity'::timestamptz), batch) desc
        ) = 1

),

issues as (

    select
        trackers.source,
        trackers.tracker_source,
        newest.issue_number,
        newest.item_id,
        newest.url,
        newest.title,
        newest.author_login,
        newest.author_kind,
        newest.assignees,
        newest.labels,
        newest.milestone_id,
        newest.milestone_title,
        newest.state,
        newest.is_locked,
        newest.comment_count,
        newest.state_reason,
        newest.issue_type,
        newest.is_confidential,
        newest.moved_to,
        nullif(
            regexp_extract(
                newest.body,
                '(?im)^\W*(?:root cause|caused by|deployment)[ \t*_]*:[ \t*_`<(\[]*(\S+)',
                1
            ),
            ''
        ) as named_cause,
        newest.created_at,
        newest.updated_at,
        newest.closed_at,
        newest.closed_by_login,
        newest.observed_at,
        coalesce(newest.updated_at, newest.observed_at) as said_at,
        gone.fate,
        gone.gone_noticed_at
    from newest
    inner join staging.trackers as trackers on newest.source = trackers.tracker_source
    left join staging.gone as gone
        on
            newest.source = gone.tracker_source
            and gone.record = 'issues'
            and gone.record_key = newest.issue_number::varchar
            and newest.batch <= gone.batch

)

select * from issues
