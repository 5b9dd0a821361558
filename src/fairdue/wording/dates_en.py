"""Days as English writes them, in folded text: every reading that a day can have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fairdue.wording.numbers_en import spoken

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[a-z]*)?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?:(?: ,)? (?P<year>\d{4}))?"
WRITTEN = (
    re.compile(rf"(?<![a-z0-9]){DAY} (?:of )?{MONTH}{YEAR}(?![a-z0-9])"),
    re.compile(rf"(?<![a-z0-9]){MONTH} {DAY}{YEAR}(?![a-z0-9])"),
)
DIGITS = re.compile(r"(?<![a-z0-9])(\d{1,4})[ .](\d{1,2})[ .](\d{2,4})(?![a-z0-9])")
RELATIVE = re.compile(
    r"(?<![a-z0-9])(?:(?P<near>today|tonight|tomorrow)|(?:within|in) (?P<count>[a-z0-9]+)(?: more)? (?P<unit>days?|weeks?)"
    r"|(?:this |next |coming )?(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday))(?![a-z0-9])"
)
NEAR = {"today": 0, "tonight": 0, "tomorrow": 1}
WEEK = 7


@dataclass(frozen=True)
class Day:
    """A day named at a place, with every date it can mean."""

    start: int
    end: int
    readings: frozenset[date]
    past: bool = False


def days(text: str, today: date | None) -> Iterator[Day]:
    """Every day named in the text; 'tomorrow' and the like only where today is known."""
    for pattern in WRITTEN:
        for match in pattern.finditer(text):
            yield from _day(match, _written(match, today), today)
    for match in DIGITS.finditer(text):
        yield from _day(match, _digits(*match.groups()), today)
    for match in RELATIVE.finditer(text) if today else ():
        yield from _day(match, _relative(match, today), today)


def due_days(said: str, today: date | None) -> frozenset[date]:
    """The dates that a known deadline can mean, however it is written."""
    iso = re.match(r"\d{4}-\d{2}-\d{2}", said)
    if iso:
        return frozenset(_real(*map(int, iso[0].split("-"))))
    folded = re.sub(r"[,./-]", " ", said.lower())
    return frozenset(reading for day in days(re.sub(r"\s+", " ", folded), today) for reading in day.readings)


def _day(match: re.Match[str], readings: frozenset[date], today: date | None) -> Iterator[Day]:
    if readings:
        yield Day(match.start(), match.end(), readings, today is not None and max(readings) < today)


def _written(match: re.Match[str], today: date | None) -> frozenset[date]:
    month, day = MONTHS.index(match["month"]) + 1, int(match["day"])
    years = (
        [int(match["year"])]
        if match["year"]
        else [today.year - 1, today.year, today.year + 1]
        if today
        else range(2000, 2100)
    )
    near = [made for year in years for made in _real(year, month, day)]
    if not match["year"] and today:
        near = sorted(near, key=lambda made: abs(made - today))[:1]
    return frozenset(near)


def _digits(first: str, second: str, third: str) -> frozenset[date]:
    one, two, three = int(first), int(second), int(third)
    if len(first) > 2:  # noqa: PLR2004 - a year of four digits stands first
        return frozenset(_real(one, two, three))
    year = three if len(third) > 2 else 2000 + three  # noqa: PLR2004
    return frozenset((*_real(year, two, one), *_real(year, one, two)))


def _relative(match: re.Match[str], today: date | None) -> frozenset[date]:
    if today is None:
        return frozenset()
    if match["near"]:
        return frozenset([today + timedelta(NEAR[match["near"]])])
    if match["weekday"]:
        ahead = (WEEKDAYS.index(match["weekday"]) - today.weekday()) % WEEK
        return frozenset([today + timedelta(ahead), today + timedelta(ahead + WEEK)])
    count = spoken(match["count"])
    step = WEEK if match["unit"].startswith("week") else 1
    return frozenset() if count is None or count > 999 else frozenset([today + timedelta(count * step)])  # noqa: PLR2004


def _real(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
