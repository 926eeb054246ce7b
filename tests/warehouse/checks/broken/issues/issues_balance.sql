-- Start.
update marts.issue_closure_quarterly set
    open_at_start_count = open_at_start_count + 1,
    opened_count = opened_count - 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- End.
update marts.issue_closure_quarterly set
    open_at_end_count = open_at_end_count + 1,
    opened_count = opened_count + 1
where source = 'host/one' and quarter = '2024-Q3' and project = 'all';

-- Flow.
update marts.issue_closure_quarterly set
    opened_count = opened_count + 1
where source = 'host/one' and quarter = '2024-Q1' and project = 'all';

-- Open issues of which none is known.
delete from facts.issue_states;

-- An issue that does not count in a project.
update intermediate.kpi_issues set
    left_out_reason = 'left_out_type'
where source = 'host/one' and issue_number = 2 and project = 'all';

-- Right: a project with active days.
insert into intermediate.project_periods (project, active_from_at, active_until_at)
values ('all', 'infinity', 'infinity');
update marts.issue_closure_quarterly set
    open_at_end_count = 9
where project = 'all';

-- Right: another project in which no issue counts.
insert into marts.issue_closure_quarterly
select * replace (
    'other' as project,
    0 as open_at_start_count,
    0 as opened_count,
    0 as closed_count,
    0 as reopened_count,
    0 as moved_in_count,
    0 as moved_out_count,
    0 as deleted_count,
    0 as open_at_end_count
)
from marts.issue_closure_quarterly
where project = 'all';
