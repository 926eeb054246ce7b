-- A reason that nobody explains.
update kpis.commits set
    reason = 'because'
where subject_id = 'a';
-- Right: A seal may have a reason of an earlier version.
insert into sealed.evidence
(kpi, project, source, quarter, subject_type, subject_id, reason)
values ('commits', 'app', 'host/one', '2024-Q1', 'commit', 'z', 'long_ago');
