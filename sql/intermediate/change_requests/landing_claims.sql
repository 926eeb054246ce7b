-- The commits of the default branch that may have landed a change request which its
-- tracker calls closed, and what says so.
--
-- closing_commit: the closing event names it. named_number: its message names the change
-- request. same_author_time: it has the author and author time of the request's last
-- commit, as after a rebase or git am. same_tree: its tree is that of the request's head,
-- and it is no older. same_title: it was committed within an hour of the closing, under the
-- same title.
--
-- grain: tracker_source, change_request_number, evidence_rank, commit_hash
with

named as (

    select
        source,
        commit_hash,
        change_request_number,
        coalesce(named_path, '') as named_path,
        is_hash_sign
    from intermediate.merge_subjects

    union

    select * exclude (line_number) from staging.landing_lines

),

claims (evidence_rank, evidence, tracker_source, change_request_number, commit_hash) as (

    select
        1,
        'closing_commit',
        tracker_source,
        change_request_number,
        closing_commit_hash
    from intermediate.closed_change_requests
    where closing_commit_hash is not null

    union all

    select distinct
        2,
        'named_number',
        closed.tracker_source,
        closed.change_request_number,
        named.commit_hash
    from intermediate.closed_change_requests as closed
    inner join settings.tracker_kinds as kinds
        on closed.tracker_kind = kinds.tracker_kind
    inner join named
        on
            closed.source = named.source
            and closed.change_request_number = named.change_request_number
            -- A number after # is an issue where change requests have another sign.
            and not (named.is_hash_sign and kinds.has_request_sign)
            and lower(named.named_path) in ('', lower(closed.tracker_path))

    union all

    select
        3,
        'same_author_time',
        closed.tracker_source,
        closed.change_request_number,
        landed.commit_hash
    from intermediate.closed_change_requests as closed
    inner join facts.change_request_commits as own
        on
            closed.tracker_source = own.tracker_source
            and closed.change_request_number = own.change_request_number
            and own.commit_number = own.own_commit_count
    inner join facts.commits as landed
        on
            own.source = landed.source
            and own.author_email = landed.author_email
            and own.authored_at = landed.authored_at

    union all

    select
        4,
        'same_tree',
        closed.tracker_source,
        closed.change_request_number,
        landed.commit_hash
    from intermediate.closed_change_requests as closed
    inner join facts.commits as heads
        on closed.source = heads.source and closed.head_hash = heads.commit_hash
    inner join facts.commits as landed
        on
            heads.source = landed.source
            and heads.tree_hash = landed.tree_hash
            and heads.commit_hash != landed.commit_hash
            and heads.committed_at <= landed.committed_at

    union all

    select
        5,
        'same_title',
        closed.tracker_source,
        closed.change_request_number,
        landed.commit_hash
    from intermediate.closed_change_requests as closed
    inner join facts.commits as landed
        on
            closed.source = landed.source
            and landed.committed_at between closed.closed_at - interval 1 hour
            and closed.closed_at + interval 1 hour
            and lower(trim(
                regexp_replace(landed.subject, '\s*\([#!][0-9]+\)$', '')
            )) = closed.plain_title
            and closed.plain_title != ''

)

select * from claims
