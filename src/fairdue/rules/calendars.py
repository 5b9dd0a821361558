"""Working days as decreed, from the `holidays` package: only years whose notice is published, never an estimate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

import numpy as np
from holidays import country_holidays
from holidays.countries.china import ChinaStaticHolidays
from holidays.countries.russia import RussiaStaticHolidays

from fairdue.core.dates import Calendar, Days


@cache
def china() -> Calendar:
    """Rest days by the yearly notices of the State Council (国务院办公厅节假日安排), make-up working days taken out.

    The package also computes holidays of years to come and does not mark them as estimates; a year is published when
    the package holds its decreed exchanges of days. The notice of a year has reached back to 29 December of the one
    before (2001, 2007, 2018), so the calendar ends on 28 December of the last published year.
    """
    years = sorted(ChinaStaticHolidays.special_public_holidays)
    first, last = np.datetime64(date(years[0], 1, 1)), np.datetime64(date(years[-1], 12, 28))
    decreed = country_holidays("CN", years=years)
    holidays, made_up = (np.array(sorted(d), "datetime64[D]") for d in (decreed, decreed.weekend_workdays))
    every = np.arange(first, last + 1)
    rest = (_weekend(every) | np.isin(every, holidays)) & ~np.isin(every, made_up)
    return Calendar("CN", first, last, every[rest])


def _weekend(days: Days) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return ~np.is_busday(days)


@cache
def russia() -> Calendar:
    """Rest days of the Russian Federation with the yearly transfers the package holds; silent about years without them."""
    years = sorted({year for year in range(2015, 2100) if _transfers(year)})
    first, last = np.datetime64(date(years[0], 1, 1)), np.datetime64(date(years[-1], 12, 31))
    decreed = country_holidays("RU", years=range(years[0], years[-1] + 1))
    every = np.arange(first, last + 1)
    holidays, made_up = (np.array(sorted(d), "datetime64[D]") for d in (decreed, decreed.weekend_workdays))
    rest = (_weekend(every) | np.isin(every, holidays)) & ~np.isin(every, made_up)
    return Calendar("RU", first, last, every[rest])


def _transfers(year: int) -> object:
    return RussiaStaticHolidays.special_public_holidays.get(year)


@cache
def united_states() -> Calendar:
    """Saturdays, Sundays and the legal public holidays of 5 U.S.C. 6103: fixed by statute, so years to come are known."""
    first, last = np.datetime64("2015-01-01"), np.datetime64("2060-12-31")
    holidays = np.array(sorted(country_holidays("US", years=range(2015, 2061))), "datetime64[D]")
    every = np.arange(first, last + 1)
    return Calendar("US", first, last, every[_weekend(every) | np.isin(every, holidays)])


CALENDARS: Mapping[str, Callable[[], Calendar]] = {"CN": china, "RU": russia, "US": united_states}


def calendar(name: str) -> Calendar:
    """A calendar by name. Raises `KeyError`."""
    return CALENDARS[name]()
