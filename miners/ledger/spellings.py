"""Rewrite days and times of Asian spreadsheets in ISO 8601."""

from __future__ import annotations

import re
import unicodedata

# A day by its signs, and what may follow it: a weekday, a time.
_DAY = re.compile(r"(\d{4})\s*[-/.년年]\s*(\d{1,2})\s*[-/.월月]\s*(\d{1,2})(?:\s*[.일日]|(?!\d))")
_WEEKDAY = re.compile(
    r"\(?\s*(?:[월화수목금토일]요일|[月火水木金土日]曜日?|星期[一二三四五六日天]"
    r"|(?<=\()[월화수목금토일月火水木金土日](?=\s*\)))\s*\)?,?"
)
# The first years of the eras in which Japanese spreadsheets may count.
_ERAS = {"令和": 2019, "R": 2019, "平成": 1989, "H": 1989, "昭和": 1926, "S": 1926}
_ERA = re.compile(rf"({'|'.join(_ERAS)})\s*(\d{{1,2}}|元)(?=\s*[-/.年])")
_CLOCK = re.compile(
    r"(\d{1,2})\s*[:시時时点]\s*(?:(\d{1,2})\s*[:분分]?\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*[초秒]?)?"
)
_MORNING = ("오전", "午前", "上午", "am", "a.m.")
_AFTERNOON = ("오후", "午後", "下午", "pm", "p.m.")
_HALF = re.compile("|".join(map(re.escape, (*_MORNING, *_AFTERNOON))), re.IGNORECASE)
_HALF_DAY = 12


def iso_of(cell: str) -> str:
    """Return a day and its time, if it has one, in ISO 8601; any other text as it is."""
    text = _ERA.sub(_in_our_era, unicodedata.normalize("NFKC", cell).strip())
    found = _DAY.match(text)
    if not found:
        return cell.strip()
    year, month, day = found.groups()
    rest = _WEEKDAY.sub("", text[found.end() :]).lstrip("T ").strip()
    clock = _clock(rest) if rest else ""
    if clock is None:
        return cell.strip()
    return f"{year}-{month:0>2}-{day:0>2}{'T' if clock else ''}{clock}"


def _in_our_era(found: re.Match[str]) -> str:
    era, year = found.groups()
    return str(_ERAS[era] + (1 if year == "元" else int(year)) - 1)


def _clock(text: str) -> str | None:
    """Return a time of day with the offset that follows it, or None."""
    half = _HALF.search(text)
    written = _HALF.sub("", text, count=1).strip()
    found = _CLOCK.match(written)
    if not found or (half and int(found[1]) > _HALF_DAY):
        return None
    hour, minute, second = int(found[1]), found[2] or "0", found[3] or "0"
    if half:
        hour = hour % _HALF_DAY + (_HALF_DAY if half[0].lower() in _AFTERNOON else 0)
    offset = written[found.end() :].replace(" ", "")
    return f"{hour:0>2}:{minute:0>2}:{second:0>2}{offset}"
