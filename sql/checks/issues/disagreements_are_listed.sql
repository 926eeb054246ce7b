-- Every state of an issue that only the state field shows is listed, with its reason.
with

told_by_field as (

    select distinct
        tracker_source,
        issue_number,
        if(state = 'closed', 'closed_without_event', 'open_after_close_event') as disagreement_kind
    from facts.issue_states
    where valid_from_evidence = 'state_field'

)

select told_by_field.*
from told_by_field
anti join facts.tracker_disagreements as disagreements
    on
        told_by_field.tracker_source = disagreements.tracker_source
        and told_by_field.issue_number = disagreements.item_number
        and told_by_field.disagreement_kind = disagreements.disagreement_kind
        and disagreements.item_kind = 'issue'
