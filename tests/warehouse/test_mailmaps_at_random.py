"""Compare identities under random mailmaps with git's."""

from __future__ import annotations

import subprocess

from hypothesis import Phase, given
from hypothesis import strategies as st

from miners.mailmap import parse_mailmap
from tests.support.rows.in_order import in_order
from tests.support.rows.row_histories import HistoryRows, builder, table
from tests.support.running.examples import examples
from warehouse.context import Context, MailmapEntry

NAMES = ["Ann", "ANN", "Ann B", "Élan", "élan", "Z"]
ADDRESSES = ["a@x", "A@X", "b@x", "é@x", "É@x", "c@y"]


@st.composite
def mailmaps(draw):
    """Draw a .mailmap of the four forms, with comments and lines of no known form among them."""
    name, address = st.sampled_from(NAMES), st.sampled_from(ADDRESSES)
    line = st.one_of(
        st.builds("{} <{}>".format, name, address),
        st.builds("<{}> <{}>".format, address, address),
        st.builds("{} <{}> <{}>".format, name, address, address),
        st.builds("{} <{}> {} <{}>".format, name, address, name, address),
        st.builds("  {}\t<{}> {}  <{}> # why".format, name, address, name, address),
        st.builds("<{}> {} <{}>".format, address, name, address),
        st.builds("<{}>".format, address),
        st.builds("# {} <{}> <{}>".format, name, address, address),
        st.builds("{} {}".format, name, address),
    )
    return "\n".join(draw(st.lists(line, max_size=12)))


def git_says(repository, mailmap, identities):
    file = repository / "mailmap"
    file.write_text(mailmap, encoding="utf-8")
    answer = subprocess.run(
        ["git", "-c", f"mailmap.file={file}", "-C", repository, "check-mailmap", "--stdin"],
        input="".join(f"{name} <{address}>\n" for name, address in identities),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return answer.stdout.splitlines()


def entries(mailmap):
    return [
        (line.line_number, line.proper_name, line.proper_email, line.commit_name, line.commit_email)
        for line in parse_mailmap(mailmap)
    ]


def what_we_say(connection):
    """List source, identity and what it maps to, in git's words."""
    return {
        (row["source"], row["identity_name"], row["identity_email"]): row
        for row in table(connection, "select * from staging.mapped_identities")
    }


@given(st.lists(mailmaps(), min_size=20, max_size=20), mailmaps())
# Each example is a whole build, so a smaller one is not looked for.
@examples(3, phases=[Phase.explicit, Phase.generate])
def test_git_agrees_on_mailmaps(tmp_path_factory, of_repositories, of_settings):
    """Every identity under every mailmap is who git check-mailmap says it is."""
    folder = tmp_path_factory.mktemp("mailmaps")
    subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)
    identities = [(name, address) for name in NAMES for address in ADDRESSES]
    for number, mailmap in enumerate(["", *of_repositories]):
        history = HistoryRows(source=f"host/{number}", mailmap=f"map{number}")
        for place, identity in enumerate(identities):
            history.commit(f"c{place}", by=identity)
        for line in entries(mailmap):
            history.add("mailmap_entries", f"map{number}", *line)
        history.found(folder / "store")

    mapped = builder("staging.mapped_identities")
    alone = what_we_say(mapped(folder / "store"))
    context = Context(mailmap=tuple(in_order(MailmapEntry, *line) for line in entries(of_settings)))
    with_settings = what_we_say(mapped(folder / "store", context))

    maps = [("", alone), (of_settings, with_settings)]
    maps = [("host/0", *pair) for pair in maps]
    maps += [(f"host/{n}", mailmap, alone) for n, mailmap in enumerate(of_repositories, 1)]
    for source, mailmap, found in maps:
        expected = git_says(folder, mailmap, identities)
        for identity, who in zip(identities, expected, strict=True):
            row = found[source, *identity]
            name, _, address = who.removesuffix(">").rpartition(" <")
            assert (row["mapped_name"], row["address_person_id"]) == (name, address.lower()), (
                mailmap,
                identity,
            )
