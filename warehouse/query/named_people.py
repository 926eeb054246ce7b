"""All names, addresses and logins of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.pseudonyms import define_pseudonyms
from warehouse.query.query import fetch_as, open_for_queries

if TYPE_CHECKING:
    from pathlib import Path

# An address that several people sign with is not the person's: such a person is known by the name.
# A mailmap has more addresses of a person than the identities that it joins.
_NAMES = """
    with addresses as (
        select person_id, lower(identity_email) as address from facts.identities
        where identity_rule != 'name' and identity_email != ''
        union
        select person_id, person_id from facts.people where contains(person_id, '@')
        union
        select identities.person_id, lower(entries.proper_email)
        from facts.identities as identities
        inner join staging.mailmap_entries as entries
            on identities.source = entries.source
            and lower(identities.identity_email) = entries.email_key
        where identities.identity_rule != 'name' and entries.proper_email is not null
    ),
    names as (
        select person_id, identity_name as name from facts.identities
        union
        select person_id, proper_name from facts.identities
        union
        select person_id, person_name from facts.people
    )
    select
        people.person_id,
        people.person_name,
        (select list(address) from addresses where addresses.person_id = people.person_id)
            as addresses,
        (select list(name) from names where names.person_id = people.person_id and name != '')
            as names,
        (select list(login) from facts.accounts as accounts
         where accounts.person_id = people.person_id) as logins
    from facts.people as people
    where people.person_id in (
        select person_id from facts.people
        where lower($1) in (lower(person_id), lower(person_name), shown_person(person_id))
        union
        select person_id from facts.identities
        where lower($1) in (lower(identity_name), lower(proper_name))
        union
        select person_id from addresses where address = lower($1)
        union
        select person_id from facts.accounts where lower(login) = lower($1)
    )
    order by people.person_id
"""
_FIGURES = """
    select kpi, project, source, quarter, value_now, n from marts.kpi_quarterly order by all
"""


@dataclass(frozen=True, kw_only=True)
class NamedPerson:
    """A person, with all that names this person in any source."""

    person_id: str
    person_name: str
    addresses: list[str] | None
    names: list[str] | None
    logins: list[str] | None


def people_named(warehouse: Path, text: str) -> list[NamedPerson]:
    """
    List the people with a name, an address, a login, an identifier or a pseudonym.

    Errors:  WarehouseMissing; QueryFailed.
    """
    with open_for_queries(warehouse) as connection:
        define_pseudonyms(connection, warehouse.parent)
        return fetch_as(NamedPerson, connection, _NAMES, [text])


def all_figures(warehouse: Path) -> list[tuple[object, ...]]:
    """List the figures of all KPIs, to be compared with those of another build."""
    with open_for_queries(warehouse) as connection:
        return connection.execute(_FIGURES).fetchall()
