"""Charts: schema, elements, colours and labels."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from tests.support.rows.row_histories import instant
from warehouse.report.charts.draw import DRAWINGS, draw, spec_of
from warehouse.report.charts.specs import (
    Bars,
    Flow,
    Heatmap,
    Interval,
    Point,
    Spark,
    Stack,
    TimeLine,
    Trend,
)

QUARTERS = ("2024-Q1", "2024-Q2")
BEGIN, END = instant("2024-01-01"), instant("2024-07-01")
PLOTS = {
    "spark": Spark((1.0, None, 3.0)),
    "spark of nothing": Spark(()),
    "trend": Trend(
        tuple(
            Point(f"2023-Q{n}", value, f"{value} d")
            for n, value in enumerate((1.0, None, 2500.0, 4.0), 1)
        ),
        "2023-Q3",
        target=2.0,
    ),
    "trend of shares": Trend((Point("2024-Q1", 0.5, "50%"),), "2024-Q1", is_percent=True),
    "bars": Bars((("under 1 h", 3), ("<b>", 0)), 3),
    "flow": Flow(
        quarters=QUARTERS,
        added=(1, 2),
        removed=(0, 3),
        remaining=(1, 0),
        labels=("came", "went", "left"),
    ),
    "stack": Stack((("2024-Q1", "강 & <b>", 2.0), ("2024-Q2", "x", 1.0)), ("강 & <b>", "x")),
    "stack of parts that share": Stack(
        (("2024-Q1", "a", 2.0), ("2024-Q1", "b", 1.0)), ("a", "b"), overlaps=True
    ),
    "calendar": Heatmap(
        days=((date(2024, 1, 1), 1), (date(2024, 2, 29), 9)),
        first=date(2024, 1, 1),
        last=date(2024, 3, 31),
        months=((date(2024, 1, 1), "Jan"), (date(2024, 2, 1), "Feb")),
        weekdays=tuple("MTWTFSS"),
    ),
    "timeline": TimeLine(
        intervals=(Interval("#1", BEGIN - timedelta(days=9), BEGIN + timedelta(days=9), "18 d"),),
        marks=(BEGIN + timedelta(days=30),),
        starts_at=BEGIN,
        ends_at=END,
        ticks=((BEGIN, "Jan"), (BEGIN + timedelta(days=31), "Feb")),
    ),
}


def test_every_kind_of_chart_has_a_case():
    assert {type(plot) for plot in PLOTS.values()} == set(DRAWINGS)


@pytest.mark.parametrize("name", PLOTS)
def test_a_chart_is_valid_and_has_only_visible_elements(name):
    assert spec_of(PLOTS[name], is_checked=True)

    svg = draw(PLOTS[name])
    draw.cache_clear()
    assert draw(PLOTS[name]) == svg
    for element in ET.fromstring(svg).iter():
        assert element.tag.rpartition("}")[2] in {"svg", "g", "path", "line", "rect", "text"}
        assert not [n for n in element.attrib if n.startswith(("on", "aria", "style", "class"))]
        for side in ("fill", "stroke"):
            assert element.get(side, "none").startswith(("var(--", "none"))


@pytest.mark.parametrize("name", PLOTS)
def test_no_text_ends_the_drawing_or_commands_a_reader(name):
    """A vertical tab is no XML, and the drawing library ends the process over it."""
    svg = draw(_with_text(PLOTS[name], "\0\v\x1b[2J\x9b\u202e\ufffe\uffff"))

    assert ET.fromstring(svg).tag.endswith("svg")
    assert svg.isprintable()


def _with_text(part, text):
    """Add a text to each text of a chart."""
    if isinstance(part, str):
        return part + text
    if isinstance(part, tuple):
        return tuple(_with_text(one, text) for one in part)
    if not is_dataclass(part):
        return part
    return replace(part, **{f.name: _with_text(getattr(part, f.name), text) for f in fields(part)})


def test_bars_of_parts_that_share_all_begin_at_zero():
    (stacked, grouped) = (
        spec_of(PLOTS[name])["encoding"] for name in ("stack", "stack of parts that share")
    )

    assert (stacked["x"]["stack"], stacked.get("yOffset")) == (True, None)
    assert (grouped["x"]["stack"], grouped["yOffset"]["field"]) == (False, "part")


def test_a_text_in_a_chart_is_a_text():
    texts = ["".join(element.itertext()) for element in ET.fromstring(draw(PLOTS["stack"])).iter()]

    assert "강 & <b>" in texts


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("trend", ["2023", "4.0 d"]),
        ("calendar", ["Jan", "Feb", "M", "T"]),
        ("timeline", ["Jan", "Feb", "#1", "18 d"]),
        ("flow", ["came", "went", "left", "2024 Q1"]),
        ("bars", ["under 1 h", "<b>", "3"]),
    ],
)
def test_a_chart_has_its_labels(name, words):
    root = ET.fromstring(draw(PLOTS[name]))
    texts = ["".join(element.itertext()) for element in root.iter() if element.tag.endswith("text")]

    assert set(words) <= set(texts)
