"""The dashboard: every KPI in the quarters and the year, with its course and its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Paragraph
from warehouse.report.format.restyle import housed
from warehouse.report.year_table import Extras, place_of, year_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.report_data import Findings


def dashboard(found: Findings, voice: Voice) -> Iterator[Block]:
    """Show every KPI of which anything is known, how it went, and where its rows are."""
    year = housed(found.year, voice)
    known = {one.kpi for one in year.figures if one.value is not None}
    wanted = wanted_kpis(found.kpis, voice)
    yield year_table(
        year,
        [kpi for kpi in wanted if kpi.kpi in known],
        voice,
        voice.say("Figures of {period}", period=voice.language.period(found.period.name)),
        _extras(found, voice),
    )
    if voice.style.has_difference_units:
        said = voice.say(
            "Below each figure: the difference to the quarter before, and of the year to the "
            "year before; pp are percentage points, n is how many rows a figure is over."
        )
        yield Paragraph((said,), "quiet")
    left_out = ", ".join(voice.title(kpi) for kpi in wanted if kpi.kpi not in known)
    if left_out:
        said = voice.say("Nothing is known of these yet: {names}.", names=left_out)
        yield Paragraph((said,), "quiet")


def wanted_kpis(kpis: Sequence[Kpi], voice: Voice) -> list[Kpi]:
    """List the KPIs that the house wants to see, in its order; by default all."""
    by_name = {kpi.kpi: kpi for kpi in kpis}
    names = voice.style.kpis or tuple(by_name)
    return [by_name[name] for name in names if name in by_name]


def _extras(found: Findings, voice: Voice) -> Extras:
    courses: dict[str, list[float | None]] = {}
    for past in found.history:
        courses.setdefault(past.kpi, []).append(past.value)
    places = {place_of(one.kpi, one.quarter) for one in found.evidence.reasons}
    places |= {one.kpi for one in found.evidence.reasons}
    return Extras(
        has_groups=not voice.style.kpis,
        sparks={kpi: tuple(values) for kpi, values in courses.items()},
        places=frozenset(places) if voice.style.has_section("evidence") else frozenset(),
    )
