-- How long the closings of each repository and quarter had taken.
--
-- grain: source, quarter
select
    source,
    quarter,
    quarter_starts_on,
    sum(close_seconds)::bigint / count(*) / 86400 as mean_days_to_close,
    quantile_cont(close_seconds, 0.5) / 86400 as median_days_to_close,
    quantile_cont(close_seconds, 0.9) / 86400 as p90_days_to_close
from intermediate.issue_closures
where quarter is not null
group by source, quarter, quarter_starts_on
