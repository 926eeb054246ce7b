-- A repository has every quarter from its first commit to its last poll.
with

numbered as (

    select
        quarter,
        row_number() over (order by starts_at) as quarter_number
    from settings.quarters

),

spans as (

    select
        repository_quarters.source,
        count(*) as quarter_count,
        1 + max(numbered.quarter_number) - min(numbered.quarter_number) as span_count
    from facts.repository_quarters as repository_quarters
    left join numbered on repository_quarters.quarter = numbered.quarter
    group by repository_quarters.source

)

select * from spans
where quarter_count != span_count
