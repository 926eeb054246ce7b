-- Git alone.
delete from facts.project_repositories
where source = 'host/three';

-- A tracker alone.
delete from facts.project_repositories
where source = 'host/four';
