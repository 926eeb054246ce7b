-- Every annotated tag object ever observed.
--
-- grain: source, tag_hash
-- export: whole
with

tags as (select * from staging.tags),

identities as (select * from facts.identities),

tagged as (

    select
        tags.source,
        tags.tag_hash,
        tags.tag_name,
        tags.target_hash,
        tags.target_kind,

        tags.tagger_name,
        tags.tagger_email,
        identities.person_id as tagger_person_id,

        tags.message,
        tags.is_signed,
        tags.anomalies,

        tags.tagged_at,
        tags.tagger_offset_minutes,
        tags.first_observed_at
    from tags
    left join identities
        on
            tags.source = identities.source
            and coalesce(tags.tagger_name, '') = identities.identity_name
            and coalesce(tags.tagger_email, '') = identities.identity_email
            and (tags.tagger_name is not null or tags.tagger_email is not null)

)

select * from tagged
