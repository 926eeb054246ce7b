-- Listed as another.
update facts.tracker_disagreements set
    disagreement_kind = 'other'
where tracker_source = 'host/one#tracker' and item_kind = 'issue' and item_number = 1;
