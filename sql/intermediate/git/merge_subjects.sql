-- The commits of the default branches whose subject names the change request that they
-- merge.
--
-- A commit with one parent names it at its end, as in `Do it (#12)`, a merge at its
-- beginning, as in `Merge pull request #12 from …`, `Merge #12: …` or
-- `Merge owner/name#12: …`. A number after # is an issue where change requests have another
-- sign, as in `Do it (!12)`.
--
-- grain: source, commit_hash
with

matched as (

    select
        source,
        commit_hash,
        committed_at,
        case
            when is_merge
                then
                    regexp_extract(
                        subject,
                        '^Merge (?:pull request |merge request )?'
                        || '([\w.-]+(?:/[\w.-]+)+)?([#!])([0-9]{1,9})\b',
                        ['named_path', 'sign', 'named_number']
                    )
            else
                regexp_extract(
                    subject,
                    '()\(([#!])([0-9]{1,9})\)$',
                    ['named_path', 'sign', 'named_number']
                )
        end as named
    from facts.commits
    where mainline_number is not null

),

subjects as (

    select
        matched.source,
        matched.commit_hash,
        nullif(named.named_path, '') as named_path,
        named.named_number::bigint as change_request_number,
        named.sign = '#' as is_hash_sign,
        matched.committed_at
    from matched
    where named.named_number != ''

)

select * from subjects
