-- Which commit merged each merged change request, by which method, and how both are
-- known.
--
-- A merge has two parents. Of commits with one parent, the request's own last commit
-- was fast-forwarded to, which counts as a rebase, as do the last of as many commits as
-- it has, if they are by the same authors and of the same author times; any other is a
-- squash.
--
-- grain: tracker_source, change_request_number
with

methods as (

    select
        source,
        tracker_source,
        change_request_number,
        landed_hash as merge_commit_hash,
        coalesce(merge_commit_evidence, 'unknown') as merge_commit_evidence,

        case
            when landed_hash is null then 'no_merge_commit'
            when is_squash_named then 'squash_field'
            when parent_count > 1 and is_second_parent_head
                then 'second_parent_is_head'
            when parent_count > 1 then 'two_parents'
            when is_own or merge_commit_evidence = 'head' then 'own_commit'
            when same_author_count = own_commit_count then 'same_author_times'
            when own_commit_count > 1 then 'one_for_many_commits'
            when own_commit_count = 1 then 'other_hash'
            when is_squash_like then 'subject'
            else 'no_commits'
        end as merge_method_evidence,
        case
            when merge_method_evidence in ('no_merge_commit', 'no_commits')
                then 'unknown'
            when merge_method_evidence in ('second_parent_is_head', 'two_parents')
                then 'merge'
            when merge_method_evidence in ('own_commit', 'same_author_times')
                then 'rebase'
            else 'squash'
        end as merge_method
    from intermediate.change_request_landings

)

select * from methods
