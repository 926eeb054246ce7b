"""Chart theme: colours, and SVG that is safe in a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import vl_convert

if TYPE_CHECKING:
    from collections.abc import Mapping

SVG = "http://www.w3.org/2000/svg"
# Placeholders for the colours of the page, which differ in dark mode and on paper.
INK, SOFT, LINE, ACCENT, PAPER = "#010101", "#020202", "#030303", "#040404", "#050505"
SERIES = ("#060601", "#060602", "#060603", "#060604", "#060605", "#060606", "#060607")
GOOD, BAD = "#070701", "#070702"
_PARTS = (*((f"--series-{number}", colour) for number, colour in enumerate(SERIES, 1)),)
VARIABLES = {
    INK: "--ink",
    SOFT: "--soft",
    LINE: "--line",
    ACCENT: "--accent",
    PAPER: "--paper",
    GOOD: "--good",
    BAD: "--bad",
    **{colour: name for name, colour in _PARTS},
}
ELEMENTS = frozenset({"svg", "g", "path", "line", "rect", "text", "circle", "tspan"})
ATTRIBUTES = frozenset(
    {
        *("d", "x", "y", "x2", "y2", "width", "height", "transform", "viewBox", "text-anchor"),
        *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"),
        *("stroke-linecap", "stroke-linejoin", "opacity", "font-size", "font-weight"),
    }
)
# The font for text widths; it is part of the library, so that widths are the same everywhere.
# A reader sees the font of the page.
FONT = "Liberation Sans"
CONFIG: dict[str, Any] = {
    "background": None,
    "font": FONT,
    # Half of the largest dot, which may be at an edge.
    "padding": 5,
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "labelFontSize": 11,
        "titleColor": SOFT,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "domain": False,
        "ticks": False,
        "gridColor": LINE,
        "labelPadding": 5,
    },
    "axisX": {"grid": False, "labelAngle": 0},
    "legend": {"labelColor": INK, "labelFontSize": 12, "orient": "top", "title": None},
    "text": {"color": INK, "fontSize": 11},
    "bar": {"color": ACCENT},
    "line": {"color": SOFT},
}


def svg_of(spec: Mapping[str, Any]) -> str:
    """Return a chart as SVG with the colours and the font of the page."""
    drawn = vl_convert.vegalite_to_svg({**spec, "config": CONFIG})
    root = ET.fromstring(drawn)  # noqa: S314 - made here
    _clean(root)
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    ET.register_namespace("", SVG)
    return _with_page_colours(ET.tostring(root, encoding="unicode"))


def _clean(element: ET.Element) -> None:
    """Remove elements and attributes that are not visible, and all scripts."""
    for name in [name for name in element.attrib if name not in ATTRIBUTES]:
        del element.attrib[name]
    for child in list(element):
        if _is_visible(child):
            _clean(child)
        else:
            element.remove(child)
    if not len(element) and element.tag == f"{{{SVG}}}g":
        element.attrib.clear()


def _is_visible(element: ET.Element) -> bool:
    name = element.tag.removeprefix(f"{{{SVG}}}")
    is_empty = name == "path" and (
        element.get("d") in {"", "M0,0h0v0h0Z"} or element.get("class") == "background"
    )
    return name in ELEMENTS and not is_empty and element.get("display") != "none"


def _with_page_colours(svg: str) -> str:
    short = re.sub(r"-?\d+\.\d{3,}", lambda match: f"{float(match[0]):.2f}", svg)
    short = re.sub(r"<g ?/>|<g></g>", "", short)
    for colour, name in VARIABLES.items():
        short = short.replace(f'"{colour}"', f'"var({name})"')
    return short
