-- What kind each person is: what most models need of people, and what seldom changes.
--
-- grain: person_id
select
    person_id,
    person_kind
from facts.people
