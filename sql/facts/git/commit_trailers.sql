-- Every trailer line of every commit message, with the person of a Co-authored-by line.
--
-- grain: source, commit_hash, trailer_number
-- export: by quarter
with

commits as (select * from facts.commits),

identities as (select * from facts.identities),

trailers as (select * from staging.commit_trailers),

co_authors as (

    select
        co_authors.source,
        co_authors.commit_hash,
        co_authors.trailer_number,
        identities.person_id
    from staging.co_authors as co_authors
    inner join identities
        on
            co_authors.source = identities.source
            and co_authors.co_author_name = identities.identity_name
            and co_authors.co_author_email = identities.identity_email

),

commit_trailers as (

    select
        trailers.source,
        trailers.commit_hash,
        trailers.trailer_number,

        trailers.token,
        trailers.trailer_value,
        co_authors.person_id as co_author_person_id,

        commits.quarter,
        commits.quarter_starts_on
    from trailers
    inner join commits
        on
            trailers.source = commits.source
            and trailers.commit_hash = commits.commit_hash
    left join co_authors
        on
            trailers.source = co_authors.source
            and trailers.commit_hash = co_authors.commit_hash
            and trailers.trailer_number = co_authors.trailer_number

)

select * from commit_trailers
