"""Who stands behind a name and an address."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import ANN, EVERYBODY, HistoryRows, builder, table
from warehouse.context import Context, IdentityRule, MailmapEntry

build = builder(
    "facts.commits", "facts.commit_trailers", "facts.identities", "facts.people", "facts.tags"
)
LOGIN = "42+ann@users.noreply.github.com"


def people(store, context=EVERYBODY):
    connection = build(store, context)
    found = table(
        connection,
        "select identity_name, identity_email, person_id, identity_rule from facts.identities "
        "order by all",
    )
    return connection, [tuple(row.values()) for row in found]


def history_of(*identities, mailmap=(), source="host/one"):
    history = HistoryRows(source=source, mailmap="map" if mailmap else None)
    for number, identity in enumerate(identities):
        history.commit(f"c{number}", by=identity)
    for number, entry in enumerate(mailmap, 1):
        history.add("mailmap_entries", "map", number, *entry)
    return history


def test_the_mailmap_of_the_settings_goes_before_that_of_the_repository(tmp_path):
    mailmap = [("Of repo", "repo@x", None, "ann@example.org"), ("Bo", "bo@x", None, "bob@x")]
    history_of(ANN, ("Bob", "bob@x"), mailmap=mailmap).found(tmp_path)
    of_settings = MailmapEntry(
        line_number=1,
        proper_name="Of settings",
        proper_email="set@x",
        commit_name=None,
        commit_email="ANN@example.org",
    )

    _, found = people(tmp_path, Context(mailmap=(of_settings,)))

    assert found == [
        ("Ann", "ann@example.org", "set@x", "settings_mailmap"),
        ("Bob", "bob@x", "bo@x", "repository_mailmap"),
    ]


def test_a_mailmap_holds_in_its_own_repository_only(tmp_path):
    history_of(ANN, mailmap=[("A", "new@x", None, "ann@example.org")]).found(tmp_path)
    history_of(ANN, source="host/two").found(tmp_path)

    connection = build(tmp_path)

    assert table(connection, "select source, person_id from facts.identities order by 1") == [
        {"source": "host/one", "person_id": "new@x"},
        {"source": "host/two", "person_id": "ann@example.org"},
    ]


def test_only_the_mailmap_at_head_is_in_force(tmp_path):
    history = history_of(ANN, mailmap=[("A", "new@x", None, "ann@example.org")])
    history.add("mailmap_entries", "older", 1, "A", "old@x", None, "ann@example.org")
    history.found(tmp_path)

    assert people(tmp_path)[1] == [("Ann", "ann@example.org", "new@x", "repository_mailmap")]


def test_the_hidden_addresses_of_a_login_are_one_person(tmp_path):
    history_of(
        ("a", "ann@users.noreply.github.com"),
        ("Ann", LOGIN.upper()),
        ("a", "7-ann@users.noreply.gitlab.com"),
        ("a", "ann@users.noreply.gitlab.com"),
        ("a", "7-ann@users.noreply.github.com"),
        ("bot", "1+x[bot]@users.noreply.github.com"),
    ).found(tmp_path)

    github, gitlab = "ann@users.noreply.github.com", "ann@users.noreply.gitlab.com"
    odd, bot = "7-ann@users.noreply.github.com", "x[bot]@users.noreply.github.com"
    assert people(tmp_path)[1] == [
        ("Ann", LOGIN.upper(), github, "noreply_login"),
        ("a", odd, odd, "noreply_login"),
        ("a", "7-ann@users.noreply.gitlab.com", gitlab, "noreply_login"),
        ("a", github, github, "noreply_login"),
        ("a", gitlab, gitlab, "noreply_login"),
        ("bot", "1+" + bot, bot, "noreply_login"),
    ]


def test_a_hidden_login_is_the_only_person_of_its_full_name(tmp_path):
    """All addresses of the login follow the one that carries the full name."""
    hidden = "ann@users.noreply.github.com"
    history_of(("Ann Bo", "ann@x"), ("ann bo", LOGIN), ("ann", hidden)).found(tmp_path)

    assert people(tmp_path)[1] == [
        ("Ann Bo", "ann@x", "ann@x", "email"),
        ("ann", hidden, "ann@x", "noreply_name"),
        ("ann bo", LOGIN, "ann@x", "noreply_name"),
    ]


@pytest.mark.parametrize(
    ("others", "mailmap"),
    [
        ([("Ann Bo", "ann@x"), ("Ann Bo", "other@x")], []),
        ([("Ann", "ann@x")], []),
        ([("Ann Bo", "ann@x")], [("Ann Bo", "ann@users.noreply.github.com", None, "old@x")]),
    ],
    ids=["two people of that name", "a name without a space", "a mailmap leads to the login"],
)
def test_a_hidden_login_stays_itself(tmp_path, others, mailmap):
    name = others[0][0]
    history_of((name, LOGIN), ("Old", "old@x"), *others, mailmap=mailmap).found(tmp_path)

    _, found = people(tmp_path)

    assert (name, LOGIN, "ann@users.noreply.github.com", "noreply_login") in found


def test_addresses_match_in_any_case_and_without_one_the_name_stands(tmp_path):
    history_of(("Ann", "Ann@X"), ("Bo", "ann@x"), ("Cy", ""), ("", "")).found(tmp_path)

    assert people(tmp_path)[1] == [
        ("", "", "(nobody)", "name"),
        ("Ann", "Ann@X", "ann@x", "email"),
        ("Bo", "ann@x", "ann@x", "email"),
        ("Cy", "", "cy", "name"),
    ]


# Addresses that anybody may have written, and some like them that one person has.
PLACEHOLDERS = {
    "you@example.com": True,
    "your.email@example.com": True,
    "none@none": True,
    "root@localhost": True,
    "root@ip-10-0-0-1.internal.example.net": True,
    "unknown": True,
    "dev@company": True,
    "user@host.(none)": True,
    "test@example.org": True,
    "noreply@github.com": True,
    "git@gitlab.com": True,
    "noreply@vendor.example.net": False,
    "dev@acme-studio.eu": False,
    "me@bosch.io": False,
    "ann@company": False,
    "yourke@acme-studio.eu": False,
}


def test_placeholder_addresses_join_nobody(tmp_path):
    history_of(*((name, a) for a in PLACEHOLDERS for name in ("Ann", "Bo"))).found(tmp_path)

    _, found = people(tmp_path)

    assert {(address, person) for _, address, person, _ in found} == {
        (address, name if is_placeholder else address)
        for address, is_placeholder in PLACEHOLDERS.items()
        for name in ("ann", "bo")
    }


def test_a_mailmap_may_give_a_placeholder_to_a_person(tmp_path):
    mailmap = [("Ann", "root@localhost", None, "ann@x")]
    history_of(("A", "ann@x"), ("B", "root@localhost"), mailmap=mailmap).found(tmp_path)

    assert people(tmp_path)[1] == [
        ("A", "ann@x", "root@localhost", "repository_mailmap"),
        ("B", "root@localhost", "b", "name"),
    ]


def test_a_name_in_a_trailer_separates_nobody(tmp_path):
    """Nor does it make another person where one person alone has the name."""
    history = history_of(("Ann Bo", "ann@x"), ("Ann Bo", LOGIN))
    with_trailers = [
        ("Co-authored-by", value) for value in ("Ann Bo <typo@x>", f"Eve Fox <{LOGIN}>", "Ann Bo")
    ]
    history.commit("t", by=("Eve Fox", "eve@x"), trailers=with_trailers)
    history.found(tmp_path)

    assert people(tmp_path)[1] == [
        ("Ann Bo", "", "ann@x", "trailer_name"),
        ("Ann Bo", LOGIN, "ann@x", "noreply_name"),
        ("Ann Bo", "ann@x", "ann@x", "email"),
        ("Ann Bo", "typo@x", "typo@x", "email"),
        ("Eve Fox", LOGIN, "ann@x", "noreply_name"),
        ("Eve Fox", "eve@x", "eve@x", "email"),
    ]


def names(store, context=EVERYBODY):
    query = "select person_id, person_name, identity_count from facts.people order by 1"
    return [tuple(row.values()) for row in table(build(store, context), query)]


def test_a_person_goes_by_the_name_most_often_recorded(tmp_path):
    """Of names equally frequent the first in text order is shown, and never an empty one."""
    history = history_of(("B", "a@x"), ("B", "a@x"), ("A", "a@x"), ("", "a@x"), ("", "a@x"))
    history.commit("d", by=("Z", "z@x"), through=("Y", "z@x"))
    history.found(tmp_path)

    assert names(tmp_path) == [("a@x", "B", 3), ("z@x", "Y", 2)]


def test_a_mailmap_names_a_person_whatever_was_recorded(tmp_path):
    mailmap = [("Repo Name", None, None, "a@x"), (None, "b@x", None, "c@x")]
    history_of(("A", "a@x"), ("B", "b@x"), ("C", "c@x"), mailmap=mailmap).found(tmp_path)
    of_settings = MailmapEntry(
        line_number=1,
        proper_name="Set Name",
        proper_email="a@x",
        commit_name=None,
        commit_email="d@x",
    )
    history_of(("D", "d@x"), source="host/two").found(tmp_path)

    assert names(tmp_path, Context(mailmap=(of_settings,))) == [
        ("a@x", "Set Name", 2),
        ("b@x", "B", 2),
    ]


def test_the_first_rule_that_matches_any_identity_says_the_kind(tmp_path):
    history_of(
        ("Renovate", "r@x"),
        ("renovate[bot]", "R@x"),
        ("Claude", "noreply@ai.example"),
        ("Bothmer", "b@x"),
    ).found(tmp_path)
    rules = (
        IdentityRule("bot", r"\[bot\] <"),
        IdentityRule("ai_agent", r"CLAUDE <.*@ai\.example>$"),
        IdentityRule("bot", "claude"),
    )

    query = "select person_id, person_kind from facts.people order by 1"
    found = table(build(tmp_path, Context(identity_rules=rules)), query)

    assert [tuple(row.values()) for row in found] == [
        ("b@x", "person"),
        ("noreply@ai.example", "ai_agent"),
        ("r@x", "bot"),
    ]


NAMED = [
    ("", "eve@x", 0, 0, 1, 0),
    ("Ann", "ann@example.org", 1, 0, 0, 0),
    ("Bob", "bob@x", 0, 1, 0, 0),
    ("Cy", "cy@x", 0, 0, 1, 0),
    ("Di Di", "di@x", 0, 0, 1, 0),
    ("Flo", "", 0, 0, 1, 0),
    ("Hal", "hal@x", 0, 0, 0, 1),
]


def test_everybody_who_is_named_is_an_identity(tmp_path):
    """Authors, committers, taggers and co-authors, in the forms people write them."""
    history = HistoryRows()
    history.commit(
        "a",
        through=("Bob", "bob@x"),
        trailers=[
            ("Co-authored-by", "Cy <cy@x>"),
            ("CO-AUTHORED-BY", " Di Di  < di@x > (she)"),
            ("Co-Authored-By", "eve@x"),
            ("co-authored-by", "Flo"),
            ("Signed-off-by", "Gus <gus@x>"),
        ],
    )
    history.add("tags", "t", "v1", "a", "commit", "Hal", "hal@x", None, None, "", False, None, None)
    history.add("tags", "u", "v2", "a", "commit", None, None, None, None, "", False, None, None)
    history.found(tmp_path)
    connection = build(tmp_path)

    query = """
        select
            identity_name, identity_email, authored_count, committed_count,
            co_authored_count, tagged_count
        from facts.identities order by identity_name, identity_email
    """
    assert [tuple(row.values()) for row in table(connection, query)] == NAMED
    trailers = table(
        connection,
        "select trailer_number, co_author_person_id from facts.commit_trailers order by 1",
    )
    expected = ["cy@x", "di@x", "eve@x", "flo", None]
    assert [row["co_author_person_id"] for row in trailers] == expected
    tags = table(connection, "select tag_hash, tagger_person_id from facts.tags order by 1")
    assert [row["tagger_person_id"] for row in tags] == ["hal@x", None]
