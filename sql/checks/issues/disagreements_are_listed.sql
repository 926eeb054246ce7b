-- Every state of an issue that only the state field records is listed, with its kind.
with

states_by_field as (

    select distinct
        tracker_source,
        issue_number,
        if(state = 'closed', 'closed_without_event', 'open_after_close_event') as disagreement_kind
    from facts.issue_states
    where valid_from_evidence = 'state_field'

)

select states_by_field.*
from states_by_field
anti join facts.tracker_disagreements as disagreements
    on
        states_by_field.tracker_source = disagreements.tracker_source
        and states_by_field.issue_number = disagreements.item_number
        and states_by_field.disagreement_kind = disagreements.disagreement_kind
        and disagreements.item_kind = 'issue'
