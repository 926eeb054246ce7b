"""Accounts of trackers and their people in Git."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import HistoryRows, builder, rows
from tests.support.rows.trackers import FEB, MAR, REPOSITORY, TrackerRows
from warehouse.context import Context, IdentityRule, MailmapEntry

build = builder("facts.accounts", "facts.reviews", "facts.people")
ANN, CARL, DORA = ("Ann Lee", "ann@x"), ("Carl", "carl@corp"), ("Dora", "dora@corp")
GITHUB = "users.noreply.github.com"
OWN = "git.corp.example"
SETTINGS = Context(
    identity_rules=(IdentityRule("bot", r"\[bot\]"),),
    mailmap=(
        MailmapEntry(
            line_number=1,
            proper_name="Fay",
            proper_email="Fay@corp",
            commit_name=None,
            commit_email=f"47+FAY@{GITHUB}",
        ),
    ),
)
# The person of each account, and what says so.
EXPECTED = {
    # Its number is in an address with its former login.
    "ann": ("42", "person", "ann@x", "noreply_number"),
    "Bob": ("43", "person", f"bob@{GITHUB}", "noreply_login"),
    # Two of its three change requests are Carl's work.
    "carl": ("44", "person", "carl@corp", "own_commits"),
    # Half of one's commits are not most of them.
    "dora": ("45", "person", None, None),
    # It opened a change request with Carl's work, of whose account more is known.
    "eve": ("46", "person", None, None),
    # The mailmap of the settings comes before everything else.
    "fay": ("47", "person", "fay@corp", "settings_mailmap"),
    "ghost": (None, "ghost", None, None),
    # A bot opens change requests with the work of people.
    "merge[bot]": ("48", "bot", None, None),
    "updates[bot]": ("49", "bot", f"updates[bot]@{GITHUB}", "noreply_number"),
    # Two accounts with as much of one person's work.
    "one": ("50", "person", None, None),
    "two": ("51", "person", None, None),
    # No number is known, so that any number will do.
    "zoe": (None, "person", f"zoe@{GITHUB}", "noreply_login"),
}
NUMBERS = {login: number for login, (number, *_) in EXPECTED.items()}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    store = tmp_path_factory.mktemp("accounts")
    history().found(store)
    github().found(store)
    for made in own_host():
        made.found(store, **({"tracker_kind": "gitlab"} if isinstance(made, TrackerRows) else {}))
    with build(store, SETTINGS) as connection:
        yield connection


def history():
    made = HistoryRows(REPOSITORY)
    authors = {
        "a1": ANN,
        "a2": ("Ann Lee", f"42+ann-old@{GITHUB}"),
        # Another account had Ann's login before.
        "b0": ("Else", f"7+ann@{GITHUB}"),
        "b1": ("Bob", f"bob@{GITHUB}"),
        **{f"c{number}": CARL for number in range(1, 5)},
        "d1": DORA,
        "u1": ("updates", f"49+updates[bot]@{GITHUB}"),
        "p1": ("Pat", "pat@x"),
        "p2": ("Pat", "pat@x"),
        "z1": ("Zoe", f"99+zoe@{GITHUB}"),
    }
    for name, by in authors.items():
        made.commit(name, by=by)
    made.authors = authors
    return made


def github():
    made, authors = TrackerRows(), history().authors
    opened = {
        1: ("carl", "c1"),
        2: ("carl", "c2", "c3", "a1"),
        3: ("carl", "a2"),
        4: ("dora", "d1", "a1"),
        5: ("eve", "c4"),
        6: ("fay", "d1"),
        7: ("merge[bot]", "d1"),
        8: ("one", "p1"),
        9: ("two", "p2"),
    }
    for number, (login, *commits) in opened.items():
        made.change_request(number, author_login=login, author_id=NUMBERS[login])
        for position, commit in enumerate(commits, 1):
            name, address = authors[commit]
            facts = {"author_name": name, "author_email": address}
            made.commit(number, commit, FEB, position, **facts)
    for number, login in enumerate(("ann", "Bob", "ghost", "updates[bot]", "zoe"), 1):
        kind = "ghost" if login == "ghost" else "person"
        facts = {"author_login": login, "author_id": NUMBERS[login], "author_kind": kind}
        made.comment(1, facts.pop("author_login"), FEB, comment_id=f"n{number}", **facts)
    for number, login in enumerate(("ann", "ann", "carl"), 1):
        made.review(6, login, MAR, "approved", review_id=f"r{number}")
    return made


def own_host():
    """A host of a company's own: its addresses have its name, and its numbers are its own."""
    git = HistoryRows(f"{OWN}/g/p")
    git.commit("x1", by=("Al", f"5-al@users.noreply.{OWN}"))
    git.commit("x2", by=("Other", "42-other@users.noreply.gitlab.com"))
    tracker = TrackerRows(source=f"{OWN}/g/p#tracker")
    tracker.change_request(1, author_login="other", author_id="42")
    tracker.review(1, "al", MAR, "approved", reviewer_id="5")
    return git, tracker


def test_accounts_have_the_person_whom_something_states(warehouse):
    query = """
        select login, account_id, account_kind, person_id, person_rule
        from facts.accounts where account_host = 'github.com'
    """
    assert {login: row for login, *row in rows(warehouse, query)} == {
        login: list(row) for login, row in EXPECTED.items()
    }


def test_numbers_are_those_of_the_host(warehouse):
    query = f"""
        select login, account_id, person_id, person_rule
        from facts.accounts where account_host = '{OWN}' order by login
    """
    assert rows(warehouse, query) == [
        ("al", "5", f"5-al@users.noreply.{OWN}", "noreply_number"),
        ("other", "42", None, None),
    ]


def test_the_load_of_reviews_is_asked_per_person(warehouse):
    query = """
        select coalesce(accounts.person_id, accounts.login) as person, count(*)
        from facts.reviews as reviews
        inner join facts.accounts as accounts
            on
                split_part(reviews.tracker_source, '/', 1) = accounts.account_host
                and reviews.reviewer_login = accounts.login
        group by person order by person
    """
    assert rows(warehouse, query) == [
        (f"5-al@users.noreply.{OWN}", 1),
        ("ann@x", 2),
        ("carl@corp", 1),
    ]
