-- The rows of sealed quarters that came, went or changed since, as far as it matters to
-- a figure: a row that counted neither then nor now does not.
--
-- grain: kpi, project, source, quarter, subject_type, subject_id
with

rows_now as (

    select rows_now.*
    from figures.kpi_rows as rows_now
    semi join sealed.scopes as scopes
        on
            rows_now.kpi = scopes.kpi
            and rows_now.project = scopes.project
            and rows_now.quarter = scopes.quarter

),

compared (kpi, project, source, quarter, subject_type, subject_id) as (

    select
        coalesce(sealed.kpi, rows_now.kpi),
        coalesce(sealed.project, rows_now.project),
        coalesce(sealed.source, rows_now.source),
        coalesce(sealed.quarter, rows_now.quarter),
        coalesce(sealed.subject_type, rows_now.subject_type),
        coalesce(sealed.subject_id, rows_now.subject_id),
        coalesce(rows_now.subject_url, sealed.subject_url) as subject_url,
        coalesce(rows_now.person, sealed.person) as person,
        case
            when sealed.kpi is null then 'came'
            when rows_now.kpi is null then 'went'
            else 'changed'
        end as row_change,
        sealed.reason as was_reason,
        rows_now.reason as is_reason,
        sealed.numerator as was_numerator,
        rows_now.numerator as is_numerator,
        sealed.denominator as was_denominator,
        rows_now.denominator as is_denominator,
        sealed.value as was_value,
        rows_now.value as is_value,
        sealed.related_id as was_related_id,
        rows_now.related_id as is_related_id,
        sealed.counts_in as was_counts_in,
        rows_now.counts_in as is_counts_in,
        row_change = 'changed'
        and (was_counts_in is distinct from is_counts_in) as is_copied
    from sealed.evidence as sealed
    full outer join rows_now
        on
            sealed.kpi = rows_now.kpi
            and sealed.project = rows_now.project
            and sealed.source = rows_now.source
            and sealed.quarter = rows_now.quarter
            and sealed.subject_type = rows_now.subject_type
            and sealed.subject_id = rows_now.subject_id

)

select * from compared
where
    coalesce('counted' in (was_reason, is_reason), false)
    and (
        row_change != 'changed'
        or was_reason != is_reason
        or was_numerator is distinct from is_numerator
        or was_denominator is distinct from is_denominator
        or was_value is distinct from is_value
        or was_counts_in is distinct from is_counts_in
    )
