"""The figures of a text: each with its unit, how exactly it is written, and of what it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

from warehouse.reconcile.parse.periods import spans_of_time
from warehouse.reconcile.parse.qualifiers import Bound, bound_of, end_with_bound, lead_of
from warehouse.reconcile.parse.units import (
    MEASURED,
    MULTIPLES,
    NUMBER,
    PARTICLES,
    UNIT,
    number,
    step,
    unit_of,
)
from warehouse.reconcile.parse.vocabulary import tokens

# Stands for what is no text, and for what is no figure.
MASK = "\N{OBJECT REPLACEMENT CHARACTER}"
# What stands for nothing that could be added up: addresses, versions, numbers of things, ordinals.
_NO_FIGURES = re.compile(
    r"\b\w+://\S+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.]+|\bwww\.\S+"
    r"|\bv\d[\w.]*|(?<!\d)\d+(?:\.\d+){2,}[\w.+-]*"
    r"|[#§]\s?\d+[\d.]*|\b(?:[Nn]o|[Vv]ol|[Cc]h|[Ff]ig|[Ss]ec|pp?)\.\s?\d+"
    r"|(?<!\d)\d+(?:(?:st|nd|rd|th)\b|(?:번째|호|위|차)(?![가-힣]))|제\s?\d+"
    r"|(?<!\d)\d{1,3}(?: \d{3})+(?!\d)|(?<!\d)\d+\s?억\s?\d[\d천백만\s]*"
)
# Before a figure: nothing, a space, or a mark that does not make it part of a name.
_BEGINS = r"(?<![^\s(\[{=:+×*|\"'“‘~≈<>≤≥→가-힣])"
_ENDS = rf"(?:{PARTICLES})?(?![\w{MASK}%]|[.,:/]\d|[-–~]\d)"
_HOURS_AND_MINUTES = re.compile(
    rf"{_BEGINS}(?P<hours>{NUMBER})\s?(?:h|hours?|hrs?|시간)\s?(?P<minutes>[0-5]?\d)\s?"
    rf"(?:m|min|mins|minutes?|분)(?:{PARTICLES})?(?!\w)"
)
_COUNTER = r"(?:개|건|명|회|곳)?"
_OF = re.compile(
    rf"{_BEGINS}(?P<part>{NUMBER})(?:\s?/\s?|\s(?:out )?of (?:the |all )?)"
    rf"(?P<whole>{NUMBER}){_COUNTER}{_ENDS}"
    rf"|{_BEGINS}(?P<whole_ko>{NUMBER})\s?{_COUNTER}\s?(?:[가-힣]+\s)?중\s?"
    rf"(?P<part_ko>{NUMBER}){_COUNTER}{_ENDS}"
)
_BETWEEN = re.compile(
    rf"{_BEGINS}(?P<low>{NUMBER})(?:{UNIT.replace('?P<u', '?P<low_u')})?\s?[-–~]\s?"
    rf"(?P<high>{NUMBER})(?:[\s-]?(?:{UNIT}))?{_ENDS}"
)
_PLAIN = re.compile(
    rf"{_BEGINS}(?P<core>(?P<sign>[+\-−±])?(?P<currency>[$€£¥₩])?(?P<number>{NUMBER})"
    rf"(?:\s?(?P<multiple>{'|'.join(MULTIPLES)})(?=\s|\+|[,.)]|원|$|\s?(?:원|달러)))?"
    rf"(?:[\s-]?(?:{UNIT}))?){_ENDS}"
)
_NOUN = re.compile(r"[ ]?([A-Za-z가-힣][\w&'’/-]*(?: [A-Za-z가-힣][\w&'’+/-]*){0,4})")
_ENDS_NOUN = {
    *("of", "in", "from", "to", "and", "with", "for", "per", "at", "by", "on", "across", "over"),
    *("vs", "versus", "than", "is", "are", "was", "were", "or", "after", "before", "during"),
    "that",
}
_BRACKET = re.compile(r"\(([^()\d]+)\)")
_YEARS = range(1900, 2100)
_COUNTED = re.compile(r" (?!results|goals|targets|reports|totals|plans|figures|numbers)[a-z]+s\b")
_ADDED = re.compile(r"[^()=.,;]{0,30} \+ \d")
_OF_YEAR = re.compile(r"\b(?:in|of|since|the|for|during|by|our|until)\s$", re.IGNORECASE)


@dataclass(frozen=True)
class Figure:
    """
    A figure as it is written.

    Shape:   core is the text without what bounds it; over is the whole of a part such as 25/40;
             column counts the cells of a row from 0.
    Units:   h of durations (d, w, mo, y where it is written so), B and B/s of sizes and speeds,
             % and points, a currency, a Korean counter, or none of what is only counted.
    """

    line: int
    column: int
    start: int
    end: int
    text: str
    core: str
    value: Fraction
    step: Fraction
    unit: str
    noun: tuple[str, ...] = ()
    bound: Bound = Bound.EXACT
    is_signed: bool = False
    over: Fraction | None = None
    scale: Fraction = Fraction(1)

    @property
    def is_exact(self) -> bool:
        """Whether it can only be a count, which nobody rounds."""
        return self.bound is Bound.EXACT and self.step == 1 and self.unit not in MEASURED


@dataclass(frozen=True)
class Between:
    """A range such as 1-54 days."""

    start: int
    end: int
    low: Fraction
    high: Fraction
    unit: str


@dataclass(frozen=True)
class Found:
    """All that is found in one text."""

    figures: tuple[Figure, ...]
    ranges: tuple[Between, ...]


def find(text: str, line: int = 0, column: int = 0, *, is_cell: bool = False) -> Found:
    """List the figures and ranges of a text; a number that names or dates something is none."""
    masked = text
    for span in (*spans_of_time(text), *(m.span() for m in _NO_FIGURES.finditer(text))):
        masked = _masked(masked, span)
    figures: list[Figure] = []
    for match in _HOURS_AND_MINUTES.finditer(masked):
        figures.append(_hours_and_minutes(match, line, column))
        masked = _masked(masked, match.span())
    ranges = [_range(match) for match in _BETWEEN.finditer(masked)]
    for between in ranges:
        masked = _masked(masked, (between.start, between.end))
    for match in _OF.finditer(masked):
        if number(match["whole"] or match["whole_ko"]):
            figures.append(_part_of(match, masked, line, column))
        masked = _masked(masked, match.span())
    plain = [_plain(match, masked, line, column) for match in _PLAIN.finditer(masked)]
    figures += [one for one in plain if is_cell or not _is_year(one, text)]
    return Found(tuple(sorted(figures, key=lambda one: one.start)), tuple(ranges))


def unit_in(label: str) -> str:
    """Name the unit that a label gives in brackets: lead time (days)."""
    bracket = _BRACKET.search(label)
    found = find(f"1 {bracket[1]}").figures if bracket else ()
    return found[0].unit if found else ""


def _masked(text: str, span: tuple[int, int]) -> str:
    start, end = span
    return f"{text[:start]}{MASK * (end - start)}{text[end:]}"


def _hours_and_minutes(match: re.Match[str], line: int, column: int) -> Figure:
    minute = Fraction(1, 60)
    value = number(match["hours"]) + int(match["minutes"]) * minute
    bound = bound_of(match.string, *match.span())
    where = (line, column, *match.span())
    return Figure(*where, match[0], match[0], value, minute, "h", bound=bound)


def _range(match: re.Match[str]) -> Between:
    unit, scale = unit_of(match)
    low, high = (number(match[name]) * scale for name in ("low", "high"))
    return Between(match.start(), match.end(), low, high, unit)


def _part_of(match: re.Match[str], text: str, line: int, column: int) -> Figure:
    part, whole = (number(match[name] or match[f"{name}_ko"]) for name in ("part", "whole"))
    where, noun = (line, column, *match.span()), _noun(text, match.end())
    return Figure(*where, match[0], match[0], part, Fraction(1), "", noun, over=whole)


def _plain(match: re.Match[str], text: str, line: int, column: int) -> Figure:
    unit, scale = unit_of(match)
    scale *= MULTIPLES[match["multiple"]] if match["multiple"] else 1
    start = match.start() - len(lead_of(text, match.start()))
    end = end_with_bound(text, match.end("core"))
    sign = -1 if match["sign"] in {"-", "−"} else 1
    return Figure(
        line,
        column,
        start,
        end,
        text[start:end].strip(),
        match["core"],
        sign * number(match["number"]) * scale,
        step(match["number"]) * scale,
        match["currency"] or unit,
        _noun(text, max(end, match.end())),
        bound_of(text, match.start(), match.end("core")),
        match["sign"] is not None,
        scale=scale,
    )


def _noun(text: str, end: int) -> tuple[str, ...]:
    match = _NOUN.match(text, end)
    return tuple(takewhile(lambda word: word not in _ENDS_NOUN, tokens(match[1]))) if match else ()


def _is_year(one: Figure, text: str) -> bool:
    """Tell whether a figure is a year; 2000 lines are none, the 2024 results are of one."""
    if one.value not in _YEARS or one.unit not in {"", "y"} or "," in one.text or one.is_signed:
        return False
    before = text[: one.start]
    is_counted = _COUNTED.match(text, one.end) and not _OF_YEAR.search(before)
    is_added = before.rstrip().endswith("+") or _ADDED.match(text, one.end)
    return not (is_counted or is_added or (one.noun and one.bound is not Bound.EXACT))
