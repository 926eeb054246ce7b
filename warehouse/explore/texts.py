"""Texts of the page to explore figures, in each language."""

from __future__ import annotations

from warehouse.report.format.language import COUNTERS, LANGUAGES, Language, msgid

TEXTS = {
    "title": msgid("Explore the figures"),
    "kpi": msgid("KPI"),
    "project": msgid("Project"),
    "repository": msgid("Repository"),
    "from": msgid("From"),
    "to": msgid("To"),
    "person": msgid("Person"),
    "known": msgid("Known"),
    "known_published": msgid("as published"),
    "known_now": msgid("as known now"),
    "before": msgid("The year before"),
    "all_projects": msgid("all projects"),
    "all_repositories": msgid("all repositories"),
    "everybody": msgid("everybody"),
    "figures": msgid("The figures"),
    "quarter": msgid("Quarter"),
    "figure": msgid("Value"),
    "counted": msgid("Counted rows"),
    "excluded": msgid("Excluded rows"),
    "state": msgid("State"),
    "sealed": msgid("sealed"),
    "restated": msgid("restated"),
    "complete": msgid("complete"),
    "so_far": msgid("so far"),
    "legend": msgid("Full dots are complete quarters. A dot opens its evidence."),
    "legend_before": msgid(
        "Full dots are complete quarters, the dashed line is the year before. A dot opens its "
        "evidence."
    ),
    "nothing_here": msgid("No figure for this choice. Choose another project or repository."),
    "nothing": msgid("no data"),
    "choose": msgid("Evidence: choose a quarter"),
    "evidence_of": msgid("Evidence of {quarter}"),
    "counts": msgid("{counted} counted, {excluded} excluded"),
    "not_loaded": msgid(
        "The evidence of this quarter is in kpi_evidence next to this page. quarry explore --serve "
        "shows it here."
    ),
    "what": msgid("what"),
    "when": msgid("when (UTC)"),
    "amount": msgid("amount"),
    "why": msgid("why"),
    "more": msgid("{count} more"),
    "sql": msgid("As SQL, for the exports"),
    "copy": msgid("Copy"),
    "copied": msgid("Copied"),
    "days": msgid("{number} d"),
    "hours": msgid("{number} h"),
    "minutes": msgid("{number} min"),
}


def texts() -> dict[str, dict[str, str]]:
    """Return the texts of each language by their names."""
    languages = {code: Language(code) for code in LANGUAGES}
    return {
        code: {name: language.text(message) for name, message in TEXTS.items()}
        for code, language in languages.items()
    }


def counters() -> dict[str, str]:
    """Return the words that follow a number of things in Korean."""
    return COUNTERS["ko"]


def quarter_titles(quarter: str) -> list[str]:
    """Return the title of a quarter in each language."""
    return [Language(code).quarter(quarter) for code in LANGUAGES]
