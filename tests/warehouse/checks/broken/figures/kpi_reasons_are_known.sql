-- A reason that nobody explains.
update kpis.commits set
    reason = 'because'
where subject_id = 'a';
