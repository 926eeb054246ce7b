-- Outcomes of the issues opened in each quarter: answered, and closed in time.
--
-- A share that was closed within some days is null until every issue of the quarter
-- was observed for so long; the first closing counts, so that it stays as it is.
--
-- grain: project, source, quarter
with

counted as (

    select
        project,
        source,
        quarter,
        quarter_starts_on,
        count(*) as opened_count,
        bool_and(coalesce(is_observed_30_days, false)) as is_observed_30_days,
        bool_and(coalesce(is_observed_90_days, false)) as is_observed_90_days,
        count(*) filter (where first_close_seconds <= 30 * 86400) as within_30_days,
        count(*) filter (where first_close_seconds <= 90 * 86400) as within_90_days,
        count(response_seconds) as answered_count,
        quantile_cont(response_seconds, 0.5) / 3600 as median_first_response_hours
    from intermediate.issue_cohorts
    group by project, source, quarter, quarter_starts_on

),

cohort_quarters as (

    select
        project,
        source,
        quarter,
        quarter_starts_on,
        opened_count,
        case when is_observed_30_days then within_30_days end
            as closed_within_30_days_count,
        case when is_observed_90_days then within_90_days end
            as closed_within_90_days_count,
        closed_within_30_days_count / nullif(opened_count, 0)
            as closed_within_30_days_ratio,
        closed_within_90_days_count / nullif(opened_count, 0)
            as closed_within_90_days_ratio,
        answered_count,
        opened_count - answered_count as unanswered_count,
        median_first_response_hours
    from counted

)

select * from cohort_quarters
