-- In which time half of the issues opened in a quarter were closed (Kaplan-Meier).
--
-- At each time at which issues were closed, the share that stays open shrinks by those
-- closed of those still observed; the median is the first time at which it is half or
-- less. It is null while more than half stay open.
--
-- grain: project, source, quarter
with

times as (

    select
        project,
        source,
        quarter,
        quarter_starts_on,
        observed_seconds,
        count(*) filter (where is_closed) as closed_count,
        count(*) as ended_count
    from intermediate.issue_cohorts
    group by project, source, quarter, quarter_starts_on, observed_seconds

),

at_risk as (

    select
        *,
        sum(ended_count) over (
            partition by project, source, quarter
            order by observed_seconds desc
        ) as risk_count
    from times

),

survival as (

    select
        *,
        -- The sum of logarithms is the logarithm of the product of the shares.
        sum(
            case
                when closed_count = risk_count then -1e9
                else ln(1 - closed_count / risk_count)
            end
        ) over (
            partition by project, source, quarter
            order by observed_seconds
            rows between unbounded preceding and current row
        ) as log_open_share
    from at_risk

),

survival_quarters as (

    select
        project,
        source,
        quarter,
        quarter_starts_on,
        min(observed_seconds) filter (where log_open_share <= ln(0.5) + 1e-9) / 86400
            as survival_median_days_to_close
    from survival
    group by project, source, quarter, quarter_starts_on

)

select * from survival_quarters
