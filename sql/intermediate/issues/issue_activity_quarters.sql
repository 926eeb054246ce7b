-- The issues on which somebody who is no bot did or wrote something in a quarter.
--
-- grain: tracker_source, issue_number, quarter
select
    tracker_source,
    item_number as issue_number,
    quarter
from facts.item_events
where item_kind = 'issue' and coalesce(actor_account_kind, 'person') = 'person'

union

select
    comments.tracker_source,
    comments.item_number as issue_number,
    quarters.quarter
from staging.comments as comments
inner join settings.quarters as quarters
    on
        comments.created_at >= quarters.starts_at
        and comments.created_at < quarters.ends_at
where comments.item_kind = 'issue' and comments.author_kind = 'person'
