-- Each name and address observed in a source: uses by role, and first and last commit.
--
-- An author's time is usable under the same rule as a committer's.
--
-- grain: source, identity_name, identity_email
with

sightings as (

    select
        source,
        author_name as identity_name,
        author_email as identity_email,
        'author' as seen_as,
        case
            when
                epoch_us(authored_at) > 0
                and authored_at <= first_observed_at + interval 1 day
                then authored_at
        end as wrote_at
    from staging.commits

    union all by name

    select
        source,
        committer_name as identity_name,
        committer_email as identity_email,
        'committer' as seen_as
    from staging.commits

    union all by name

    select
        source,
        co_author_name as identity_name,
        co_author_email as identity_email,
        'co_author' as seen_as
    from staging.co_authors

    union all by name

    select
        source,
        coalesce(tagger_name, '') as identity_name,
        coalesce(tagger_email, '') as identity_email,
        'tagger' as seen_as
    from staging.tags
    where tagger_name is not null or tagger_email is not null

),

identities as (

    select
        source,
        identity_name,
        identity_email,
        count(*) filter (where seen_as = 'author') as authored_count,
        count(*) filter (where seen_as = 'committer') as committed_count,
        count(*) filter (where seen_as = 'co_author') as co_authored_count,
        count(*) filter (where seen_as = 'tagger') as tagged_count,
        min(wrote_at) as first_commit_at,
        max(wrote_at) as last_commit_at
    from sightings
    group by source, identity_name, identity_email

)

select * from identities
