-- Where the web page of a commit is, up to its hash, for repositories of which it is
-- known: by their tracker, or because everybody knows their host.
--
-- grain: source
with

pages as (

    select
        source,
        1 as choice,
        tracker_kind,
        url
    from staging.trackers
    where url is not null

    union all

    select
        repositories.source,
        2 as choice,
        kinds.tracker_kind,
        'https://' || repositories.source as url
    from staging.repositories as repositories
    inner join settings.tracker_kinds as kinds
        on split_part(repositories.source, '/', 1) = kinds.public_host
    where regexp_matches(repositories.source, '^[^/]+/.+/.+')

)

select
    pages.source,
    rtrim(pages.url, '/') || kinds.commit_path as commit_page
from pages
inner join settings.tracker_kinds as kinds on pages.tracker_kind = kinds.tracker_kind
qualify
    row_number() over (
        partition by pages.source order by pages.choice, pages.url
    ) = 1
