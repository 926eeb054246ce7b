-- Every row that a KPI considered, counted or excluded, with the reason.
--
-- Of a sealed quarter the rows are those of its seal. Where several projects share a
-- repository, a row counts once in the figures of all projects together: of a sealed
-- quarter the row that counted then, else the one of the first project by name that has the
-- whole repository, or else the largest. Those of a project that came after the seal do not
-- count in its quarter's. A row of a fork, mirror or other copy that repeats one of another
-- repository counts in its own repository, and only where that one does not.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
-- export: by quarter
-- formerly: facts.kpi_evidence
-- made: as a view
with

shared as (

    select
        source,
        null as quarter
    from facts.project_repositories
    group by source
    having count(*) > 1

    union all

    select
        source,
        quarter
    from sealed.figures
    where project != '*' and source != '*' and not ends_with(source, '#ledger')
    group by source, quarter
    having count(distinct project) > 1

),

again as (

    select published.*
    from figures.kpi_published_rows as published
    semi join shared
        on
            published.source = shared.source
            and published.quarter = coalesce(shared.quarter, published.quarter)
    left join facts.project_repositories as owned
        on
            published.project = owned.project
            and published.source = owned.source
    qualify
        row_number() over (
            partition by
                published.kpi, published.source, published.quarter,
                published.subject_type, published.subject_id
            order by
                not published.is_sealed asc,
                not coalesce(ends_with(published.counts_in, 'all'), true) asc,
                published.reason != 'counted' asc,
                not coalesce(owned.is_whole, false) asc,
                case when owned.is_whole is not true then published.denominator end desc nulls last,
                case when owned.is_whole is not true then published.value end desc nulls last,
                published.project asc
        ) > 1

)

select
    published.kpi,
    published.project,
    published.source,
    published.quarter,
    published.quarter_starts_on,
    published.subject_type,
    published.subject_id,
    published.subject_url,
    published.person,
    published.happened_at,
    published.grade,
    published.related_id,
    published.reason = 'counted' as is_counted,
    published.reason,
    published.numerator,
    published.denominator,
    published.value,
    published.reported_quarter,
    published.reported_reason,
    published.reported_value,
    published.is_sealed,
    published.counts_in,
    coalesce(starts_with(published.counts_in, 'repository'), true)
        as counts_in_repository,
    coalesce(contains(published.counts_in, 'project'), true) as counts_in_project,
    coalesce(
        published.counts_in_all,
        coalesce(ends_with(published.counts_in, 'all'), true)
        and again.kpi is null
        and (published.is_sealed or closed.kpi is null)
    ) as counts_in_all
from figures.kpi_published_rows as published
left join sealed.scopes as closed
    on
        closed.project = '*'
        and published.kpi = closed.kpi
        and published.quarter = closed.quarter
left join again
    on
        published.kpi = again.kpi
        and published.project = again.project
        and published.source = again.source
        and published.quarter = again.quarter
        and published.subject_type = again.subject_type
        and published.subject_id = again.subject_id
