-- Authored.
update facts.people set
    authored_count = 99;

-- Committed.
update facts.people set
    committed_count = 99;

-- Nobody.
delete from facts.people;
