-- The names and addresses in the Co-authored-by trailers of commits.
--
-- A value without an address in angle brackets is a name, or an address if it has the
-- form of one.
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
            when contains(trailer_value, '<') then trim(split_part(trailer_value, '<', 1))
            when not regexp_full_match(trailer_value, '\S+@\S+') then trim(trailer_value)
            else ''
        end as co_author_name,
        case
            when contains(trailer_value, '<')
                then trim(split_part(split_part(trailer_value, '<', 2), '>', 1))
            when regexp_full_match(trailer_value, '\S+@\S+') then trailer_value
            else ''
        end as co_author_email
    from trailers

)

select * from co_authors
