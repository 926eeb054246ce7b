"""Addresses that many names share, and that make one person of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.query import fetch_as, open_for_queries

if TYPE_CHECKING:
    from pathlib import Path

# A person may have some names: with and without accents, before and after a marriage.
_SHARED = """
    select
        lower(identities.identity_email) as address,
        count(distinct lower(identities.identity_name)) as name_count
    from facts.identities as identities
    inner join facts.people as people on identities.person_id = people.person_id
    where
        identities.identity_rule = 'email'
        and identities.authored_count > 0
        and people.person_kind = 'person'
    group by all
    having count(distinct lower(identities.identity_name)) > 4
    order by name_count desc, address
"""


@dataclass(frozen=True, kw_only=True)
class SharedAddress:
    """An address, and how many names have signed with it."""

    address: str
    name_count: int


def read_shared_addresses(warehouse: Path) -> list[SharedAddress]:
    """
    List the addresses of one person each that many names have, the most names first.

    Errors:  WarehouseMissing; QueryFailed.
    """
    with open_for_queries(warehouse) as connection:
        return fetch_as(SharedAddress, connection, _SHARED)
