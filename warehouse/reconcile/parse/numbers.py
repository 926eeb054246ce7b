"""Parse the figures of a text with unit, precision and noun."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

from warehouse.reconcile.parse.periods import time_spans
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

# Replaces inline code and images, and numbers that are not figures.
MASK = "\N{OBJECT REPLACEMENT CHARACTER}"
# Digits that are not figures: addresses, versions, identifiers, ordinals.
_NOT_FIGURES = re.compile(
    r"\b\w+://\S+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.]+|\bwww\.\S+"
    r"|\bv\d[\w.]*|(?<!\d)\d+(?:\.\d+){2,}[\w.+-]*"
    r"|[#§]\s?\d+[\d.]*|\b(?:[Nn]o|[Vv]ol|[Cc]h|[Ff]ig|[Ss]ec|pp?)\.\s?\d+"
    r"|(?<!\d)\d+(?:(?:st|nd|rd|th)\b|(?:번째|호|위|차)(?![가-힣]))|제\s?\d+"
    r"|(?<!\d)\d{1,3}(?: \d{3})+(?!\d)|(?<!\d)\d+\s?억\s?\d[\d천백만\s]*"
)
# A figure follows nothing, a space, or a sign that does not join it to a name.
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


@dataclass(frozen=True, kw_only=True)
class WrittenFigure:
    """
    A figure as it is written.

    Shape:   core is the text without qualifiers; over is the whole of a part such as 25/40;
             column is the index of the cell in its row, from 0.
    Units:   h, d, w, mo or y of durations as written, B and B/s of sizes and speeds, % and
             points, a currency, a Korean counter, or empty for a count.
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
        """Return whether the figure is a count, which is never rounded."""
        return self.bound is Bound.EXACT and self.step == 1 and self.unit not in MEASURED


@dataclass(frozen=True, kw_only=True)
class WrittenRange:
    """A range such as 1-54 days."""

    start: int
    end: int
    low: Fraction
    high: Fraction
    unit: str


@dataclass(frozen=True)
class ParsedNumbers:
    """The figures and ranges of one text."""

    figures: tuple[WrittenFigure, ...]
    ranges: tuple[WrittenRange, ...]


def parse_numbers(
    text: str, line: int = 0, column: int = 0, *, is_cell: bool = False
) -> ParsedNumbers:
    """Return the figures and ranges of a text, without dates and identifiers."""
    masked = text
    for span in (*time_spans(text), *(m.span() for m in _NOT_FIGURES.finditer(text))):
        masked = _masked(masked, span)
    figures: list[WrittenFigure] = []
    for match in _HOURS_AND_MINUTES.finditer(masked):
        figures.append(_hours_and_minutes(match, line, column))
        masked = _masked(masked, match.span())
    ranges = [_range(match) for match in _BETWEEN.finditer(masked)]
    for written_range in ranges:
        masked = _masked(masked, (written_range.start, written_range.end))
    for match in _OF.finditer(masked):
        if number(match["whole"] or match["whole_ko"]):
            figures.append(_part_of(match, masked, line, column))
        masked = _masked(masked, match.span())
    plain = [_plain(match, masked, line, column) for match in _PLAIN.finditer(masked)]
    figures += [figure for figure in plain if is_cell or not _is_year(figure, text)]
    return ParsedNumbers(tuple(sorted(figures, key=lambda figure: figure.start)), tuple(ranges))


def unit_in(label: str) -> str:
    """Return the unit in the brackets of a label, such as `lead time (days)`."""
    bracket = _BRACKET.search(label)
    figures = parse_numbers(f"1 {bracket[1]}").figures if bracket else ()
    return figures[0].unit if figures else ""


def _masked(text: str, span: tuple[int, int]) -> str:
    start, end = span
    return f"{text[:start]}{MASK * (end - start)}{text[end:]}"


def _hours_and_minutes(match: re.Match[str], line: int, column: int) -> WrittenFigure:
    minute = Fraction(1, 60)
    return WrittenFigure(
        line=line,
        column=column,
        start=match.start(),
        end=match.end(),
        text=match[0],
        core=match[0],
        value=number(match["hours"]) + int(match["minutes"]) * minute,
        step=minute,
        unit="h",
        bound=bound_of(match.string, *match.span()),
    )


def _range(match: re.Match[str]) -> WrittenRange:
    unit, scale = unit_of(match)
    low, high = (number(match[name]) * scale for name in ("low", "high"))
    return WrittenRange(start=match.start(), end=match.end(), low=low, high=high, unit=unit)


def _part_of(match: re.Match[str], text: str, line: int, column: int) -> WrittenFigure:
    part, whole = (number(match[name] or match[f"{name}_ko"]) for name in ("part", "whole"))
    return WrittenFigure(
        line=line,
        column=column,
        start=match.start(),
        end=match.end(),
        text=match[0],
        core=match[0],
        value=part,
        step=Fraction(1),
        unit="",
        noun=_noun(text, match.end()),
        over=whole,
    )


def _plain(match: re.Match[str], text: str, line: int, column: int) -> WrittenFigure:
    unit, scale = unit_of(match)
    scale *= MULTIPLES[match["multiple"]] if match["multiple"] else 1
    start = match.start() - len(lead_of(text, match.start()))
    end = end_with_bound(text, match.end("core"))
    sign = -1 if match["sign"] in {"-", "−"} else 1
    return WrittenFigure(
        line=line,
        column=column,
        start=start,
        end=end,
        text=text[start:end].strip(),
        core=match["core"],
        value=sign * number(match["number"]) * scale,
        step=step(match["number"]) * scale,
        unit=match["currency"] or unit,
        noun=_noun(text, max(end, match.end())),
        bound=bound_of(text, match.start(), match.end("core")),
        is_signed=match["sign"] is not None,
        scale=scale,
    )


def _noun(text: str, end: int) -> tuple[str, ...]:
    match = _NOUN.match(text, end)
    return tuple(takewhile(lambda word: word not in _ENDS_NOUN, tokens(match[1]))) if match else ()


def _is_year(figure: WrittenFigure, text: str) -> bool:
    """Return whether a figure is a year, as in `the 2024 results` but not `2000 lines`."""
    if (
        figure.value not in _YEARS
        or figure.unit not in {"", "y"}
        or "," in figure.text
        or figure.is_signed
    ):
        return False
    before = text[: figure.start]
    is_counted = _COUNTED.match(text, figure.end) and not _OF_YEAR.search(before)
    is_added = before.rstrip().endswith("+") or _ADDED.match(text, figure.end)
    return not (is_counted or is_added or (figure.noun and figure.bound is not Bound.EXACT))
