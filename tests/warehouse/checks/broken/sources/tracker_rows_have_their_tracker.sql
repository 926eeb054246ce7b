-- Issues.
insert into raw.issues (source, batch) values ('nowhere#tracker', 1);

-- Change_requests.
insert into raw.change_requests (source, batch) values ('nowhere#tracker', 1);
