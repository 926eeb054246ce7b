-- The former names of accounts that their hosts have renamed, with their newest name.
--
-- The host's identifier says that it is the same account. A name that another account
-- took later means the old account only where the identifier is stated.
--
-- grain: account_host, former_login, account_id
with

names as (

    select
        account_host,
        login,
        account_id,
        max(last_observed_at) as last_observed_at
    from staging.account_sightings
    where account_id is not null
    group by account_host, login, account_id

),

newest as (

    select
        account_host,
        account_id,
        arg_max(login, (last_observed_at, login)) as login
    from names
    group by account_host, account_id

),

holders as (

    select
        account_host,
        login,
        arg_max(account_id, (last_observed_at, account_id)) as account_id
    from names
    group by account_host, login

)

select
    names.account_host,
    names.login as former_login,
    names.account_id,
    newest.login,
    names.account_id = holders.account_id as is_last_holder
from names
inner join newest
    on
        names.account_host = newest.account_host
        and names.account_id = newest.account_id
inner join holders
    on names.account_host = holders.account_host and names.login = holders.login
where names.login != newest.login
