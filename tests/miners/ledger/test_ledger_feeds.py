"""Posts of RSS and Atom files, also of hostile ones."""

from __future__ import annotations

import pytest

from miners.ledger.address import EventPatterns
from tests.support.rows.ledgers import Ledger, activity


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Blog</title>
<item><title>Google Photos &amp; its backend</title><link>https://example.org/photos</link>
<guid isPermaLink="false">post-1</guid><category>K-water</category>
<pubDate>Fri, 05 Jan 2024 16:00:00 GMT</pubDate></item>
<item><title>사이드카란?</title><link>https://example.org/sidecar</link>
<pubDate>Sat, 06 Jan 2024 10:00:00 +0900</pubDate></item>
</channel></rss>
"""
ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>
<entry><id>urn:1</id><title type="html">Logs in &lt;b&gt;2022&lt;/b&gt;</title>
<link href="https://example.org/logs"/><category term="presentation"/>
<published>2024-01-05T16:00:00Z</published><updated>2024-02-01T00:00:00Z</updated></entry>
<entry><id>urn:2</id><title>No date</title></entry>
</feed>
"""


def test_entries_of_rss_are_writing(ledger):
    ledger.options["patterns"] = EventPatterns(projects={"K-water": "K-water"})
    ledger.write("blog.rss", RSS)

    assert ledger.facts("activities") == [
        activity(
            "post-1",
            "2024-01-06",
            "writing",
            project="K-water",
            title="Google Photos & its backend",
            link="https://example.org/photos",
            file="blog.rss",
        ),
        activity(
            "https://example.org/sidecar",
            "2024-01-06",
            "writing",
            title="사이드카란?",
            link="https://example.org/sidecar",
            file="blog.rss",
        ),
    ]


def test_entries_of_atom_are_what_their_category_says(ledger):
    ledger.write("blog.atom", ATOM)
    facts = {"title": "Logs in 2022", "link": "https://example.org/logs", "file": "blog.atom"}

    assert ledger.facts("activities") == [activity("urn:1", "2024-01-06", "presentation", **facts)]
    assert ledger.said() == ["blog.atom:6: it has no date"]


def test_what_a_feed_holds_no_more_is_not_removed_until_its_file_is(ledger):
    path = ledger.write("blog.xml", RSS)
    ledger.mine()
    ledger.write("blog.xml", RSS.replace("post-1", "post-3"))
    newer = ledger.mine()
    path.unlink()
    ledger.write("tasks.csv", "task,planned_on\nT-1,2024-01-02\n")
    gone = ledger.mine()

    assert newer == {"ledger_activities": 1, "ledgers": 1}
    assert gone == {"ledger_tasks": 1, "ledgers": 1, "tombstones": 3}


LOLS = '<!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
BOMB = RSS.replace("?>\n", f"?>\n{LOLS}]>\n").replace("사이드카란?", "&b;")
READS_FILES = BOMB.replace('"lol"', 'SYSTEM "file:///etc/passwd"').replace("&b;", "&a;")
DEFINES = "it defines entities, which Quarry does not expand. Export it again."
ENCODED = "its encoding is not one of feeds. Save it as UTF-8."
HOSTILE = {
    "billion laughs": (BOMB.encode(), DEFINES),
    "reads files": (READS_FILES.encode(), DEFINES),
    "hidden in UTF-16": (BOMB.replace("UTF-8", "UTF-16").encode("utf-16"), ENCODED),
    "hidden in UTF-7": (BOMB.replace("UTF-8", "UTF-7").encode("utf-7"), ENCODED),
    "cut off": (RSS[:-40].encode(), "it is not a feed that can be read ("),
}


@pytest.mark.parametrize(("data", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_feed_that_defines_entities_or_is_cut_off_is_not_read(ledger, data, said):
    ledger.write("blog.xml", data)

    (found,) = ledger.said()
    assert found.startswith(f"blog.xml: {said}")
    assert ledger.read().rows == {}
