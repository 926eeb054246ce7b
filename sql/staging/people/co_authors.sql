-- Whom the Co-authored-by trailers of commits name.
--
-- A value without an address in angle brackets is a name, or an address if it looks
-- like one.
--
-- grain: source, commit_hash, trailer_number
with

trailers as (

    select * from staging.commit_trailers
    where lower(token) = 'co-authored-by'

),

co_authors as (

    select
        source,
        commit_hash,
        trailer_number,
        case
            when contains(value, '<') then trim(split_part(value, '<', 1))
            when not regexp_full_match(value, '\S+@\S+') then trim(value)
            else ''
        end as co_author_name,
        case
            when contains(value, '<')
                then trim(split_part(split_part(value, '<', 2), '>', 1))
            when regexp_full_match(value, '\S+@\S+') then value
            else ''
        end as co_author_email
    from trailers

)

select * from co_authors
