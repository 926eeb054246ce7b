-- The tags that are pre-releases: marked so in their release, or by the name of their
-- version, such as 1.2-rc.1, 1.2b3, 1.2.dev4 or nightly.
--
-- A version has a word for what is not finished at its end, or is a pre-release of
-- PEP 440. Other endings, such as 1.2-final, 1.2-1, 1.2.post1 and 1.2-alpine, are releases.
-- Such a word before a version is a name: beta-tools-1.2.
--
-- grain: source, tag_name
with

names as (

    select distinct
        source,
        tag_name
    from intermediate.deployment_candidates
    where deployment_kind in ('release', 'tag')

)

select
    source,
    tag_name
from facts.releases
where is_prerelease and not is_unpublished

union

select
    source,
    tag_name
from names
where
    regexp_full_match(
        lower(tag_name),
        '(?:(?:.*[-/@_ !])?[a-z]*[0-9]+(?:[.-][0-9]+)*(?:[._-]?post[0-9]+)?[._-]?'
        || '(?:(?:nightly|canary|snapshot).*'
        || '|(?:rc|cr|alpha|beta|pre|preview|pre-?release|dev|ea|next|milestone|insiders?'
        || '|unstable|experimental)[0-9]*(?:[._+-].*)?))'
    )
    or regexp_full_match(
        lower(tag_name),
        '(?:.*[-/@_ !])?[a-z]*[0-9]{1,4}(?:[.-][0-9]{1,4})*[._-]?[abcm][._-]?[0-9]+'
        || '(?:[._-]?(?:post|dev)[0-9]+|[._-]snapshot)?(?:[+].*)?'
    )
    or regexp_full_match(
        lower(tag_name),
        '(?:nightly|canary|snapshot|rc|alpha|beta|preview|dev|unstable)(?:[._/-]?[0-9]+)*'
    )
