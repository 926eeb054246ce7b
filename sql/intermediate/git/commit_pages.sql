-- Where the web page of a commit is, up to its hash, for repositories of which it is
-- known: by their tracker, or because everybody knows their host.
--
-- grain: source
with

pages as (

    select
        source,
        1 as choice,
        tracker_kind as host_kind,
        url
    from staging.trackers
    where url is not null

    union all

    select
        source,
        2 as choice,
        split_part(source, '.', 1) as host_kind,
        'https://' || source as url
    from staging.repositories
    where regexp_matches(source, '^(github|gitlab)\.com/.+/.+')

)

select
    source,
    rtrim(url, '/') || if(host_kind = 'gitlab', '/-/commit/', '/commit/') as commit_page
from pages
qualify row_number() over (partition by source order by choice, url) = 1
