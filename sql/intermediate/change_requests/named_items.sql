-- The issues and change requests that the text of each change request names, also where no
-- keyword closes them: `closes #12`, `!3`.
--
-- Where change requests have a sign of their own, a number after # is an issue. A number of
-- another repository (`o/r#12`) is not one of this. A number in code counts too.
--
-- grain: tracker_source, change_request_number, item_kind, item_number, is_closing
with

named as (

    select
        source,
        tracker_source,
        change_request_number,
        has_request_sign,
        created_at,
        unnest(regexp_extract_all(
            request_text,
            '(?im)(?:\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? +|^|[^\w/&#!-])[#!][0-9]{1,9}\b'
        )) as reference
    from staging.change_request_texts
    where request_text like '%#%' or request_text like '%!%'

)

select distinct
    named.source,
    named.tracker_source,
    named.change_request_number,
    items.item_kind,
    items.item_number,
    items.item_kind = 'issue' and regexp_matches(named.reference, '(?i)^[a-z]') as is_closing,
    named.created_at as named_at
from named
inner join staging.items as items
    on
        named.tracker_source = items.tracker_source
        and regexp_extract(named.reference, '[0-9]+')::bigint = items.item_number
        and case
            when contains(named.reference, '!')
                then named.has_request_sign and items.item_kind = 'change_request'
            else not named.has_request_sign or items.item_kind = 'issue'
        end
where
    items.item_kind = 'issue'
    or items.item_number != named.change_request_number
