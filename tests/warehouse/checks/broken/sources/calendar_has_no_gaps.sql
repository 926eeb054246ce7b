-- A gap.
update settings.quarters set
    ends_at = ends_at - interval 1 hour
where quarter = '2024-Q1';

-- A missing day.
update settings.quarters set
    ends_before = ends_before - 1
where quarter = '2024-Q1';

-- Empty.
update settings.quarters set
    ends_at = starts_at
where quarter = '2105-Q4';

-- Without days.
update settings.quarters set
    ends_before = starts_on
where quarter = '2105-Q4';
