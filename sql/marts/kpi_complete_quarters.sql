-- Every figure of kpi_quarterly whose quarter is over and was polled after its end.
--
-- The newest quarter is not over, so that a line chart with it falls at its end. This view
-- is for charts.
--
-- grain: kpi, project, source, quarter
-- export: whole
-- made: as a view
with

complete_quarters as (

    select * from marts.kpi_quarterly
    where is_complete

)

select * from complete_quarters
