-- The accounts of trackers: what kind each one is, and whose it is in Git.
--
-- An account that was renamed is one, by its newest name. The first rule of the settings
-- that matches `login <login@noreply domain>`, or the same with the account's number,
-- decides the kind; the domain is that of any kind of tracker. Without a match, an account
-- is a bot if the tracker states it or if its name ends in [bot]. A deleted account is a
-- ghost, whoever it was. Commits of change requests make only a person's account a
-- person's, because bots open requests for others.
--
-- grain: account_host, login
-- export: whole
select
    accounts.account_host,
    accounts.login,
    accounts.account_id,
    accounts.account_kind,
    people.person_id,
    people.person_rule
from intermediate.account_kinds as accounts
left join intermediate.account_people as people
    on
        accounts.account_host = people.account_host
        and accounts.login = people.login
        and accounts.account_kind != 'ghost'
        and (accounts.account_kind = 'person' or people.person_rule != 'own_commits')
