-- Every issue as it was last found, with what its whole history says of it.
--
-- It belongs to the quarter of its opening, in whichever tracker that was. Of an issue
-- that has left its tracker, what was last seen of it is told, with its fate.
--
-- grain: tracker_source, issue_number
-- export: by quarter
with

found as (select * from staging.issues),

issues as (

    select
        found.source,
        found.tracker_source,
        found.issue_number,
        found.item_id,
        found.url,

        found.title,
        found.author_login,
        authors.account_kind as author_account_kind,
        found.assignees,
        found.labels,
        found.milestone_id,
        found.milestone_title,
        found.issue_type,
        found.is_locked,
        found.is_confidential,
        found.comment_count,

        coalesce(lifecycles.last_state, found.state) as state,
        found.state_reason,
        coalesce(lifecycles.is_open, false) as is_open,
        coalesce(lifecycles.reopen_count, 0) as reopen_count,
        lifecycles.closing_evidence,
        lifecycles.closed_by_login,
        lifecycles.closed_by_commit_hash,
        lifecycles.closed_by_change_request_number,
        lifecycles.close_seconds,
        lifecycles.close_seconds / 86400 as days_to_close,
        responses.first_response_login,
        responses.response_seconds,
        coalesce(
            found.fate,
            case when lifecycles.ended_by = 'moved_out' then 'transferred' end
        ) as fate,
        found.moved_to,

        found.created_at as opened_at,
        found.updated_at,
        responses.first_response_at,
        lifecycles.first_closed_at,
        lifecycles.closed_at,
        found.gone_noticed_at,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on
    from found
    left join intermediate.issue_lifecycles as lifecycles
        on
            found.tracker_source = lifecycles.tracker_source
            and found.issue_number = lifecycles.issue_number
    left join intermediate.issue_responses as responses
        on
            found.tracker_source = responses.tracker_source
            and found.issue_number = responses.issue_number
    left join facts.accounts as authors
        on
            split_part(found.tracker_source, '/', 1) = authors.account_host
            and found.author_login = authors.login
    left join staging.quarter_years as quarters
        on
            year(found.created_at) = quarters.in_year
            and found.created_at >= quarters.starts_at
            and found.created_at < quarters.ends_at

)

select * from issues
