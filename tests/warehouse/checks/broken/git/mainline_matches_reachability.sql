-- On the branch without a landing.
update facts.commits set
    landed_by_hash = null
where source = 'host/one' and commit_hash = 'p';

-- Landed, and not on the branch.
update facts.commits set
    is_on_default_branch = false
where source = 'host/two' and commit_hash = 'q';
