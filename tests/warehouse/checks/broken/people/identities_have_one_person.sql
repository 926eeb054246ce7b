-- Nobody.
delete from facts.identities
where source = 'host/one' and identity_name = 'Ann';
