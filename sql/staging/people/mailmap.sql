-- Names and addresses that the current mailmaps assign to an address, or to a name with
-- an address.
--
-- As in git, the last line applies of several for one name and address. Of several for
-- an address alone, the last name and the last address apply.
--
-- grain: source, mailmap, email_key, name_key
with

lines_that_hold as (

    select
        source,
        mailmap,
        email_key,
        name_key,
        last(proper_name order by line_number)
        filter (where proper_name is not null or name_key is not null) as proper_name,
        last(proper_email order by line_number)
        filter (where proper_email is not null or name_key is not null) as proper_email
    from staging.mailmap_entries
    group by source, mailmap, email_key, name_key

)

select * from lines_that_hold
where proper_name is not null or proper_email is not null
