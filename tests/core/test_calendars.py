"""Working days in China as decreed, against the notices themselves."""

from __future__ import annotations

import numpy as np
import pytest

from fairdue.core.dates import CalendarUnpublished, Days
from fairdue.rules.calendars import china


def days(*texts: str) -> Days:
    return np.array(texts, "datetime64[D]")


def test_the_rest_days_of_2026_are_those_of_the_notice() -> None:
    # 国务院办公厅关于2026年部分节假日安排的通知
    holidays = [
        ("2026-01-01", 3),
        ("2026-02-15", 9),
        ("2026-04-04", 3),
        ("2026-05-01", 5),
        ("2026-06-19", 3),
        ("2026-09-25", 3),
        ("2026-10-01", 7),
    ]
    for first, length in holidays:
        span = np.datetime64(first) + np.arange(length)
        assert not china().is_working(span).any(), first


def test_make_up_days_of_2026_are_working_days() -> None:
    made_up = days("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
    assert china().is_working(made_up).all()
    assert np.isin(
        made_up.astype("datetime64[D]").astype(int) % 7, [2, 3]
    ).all()  # 1970-01-01 was a Thursday: all weekend


def test_ordinary_days_work_and_ordinary_weekends_rest() -> None:
    assert china().is_working(days("2026-03-02", "2026-03-06", "2026-03-07", "2026-03-08")).tolist() == [
        True,
        True,
        False,
        False,
    ]


def test_a_term_that_ends_in_the_national_holiday_ends_after_it() -> None:
    assert china().next_working(days("2026-10-01")).astype(str).tolist() == ["2026-10-08"]


def test_a_holiday_decreed_by_the_next_year_s_notice_is_known() -> None:
    assert china().is_working(days("2018-12-31", "2018-12-29")).tolist() == [False, True]


@pytest.mark.parametrize("day", ["2000-12-31", "2026-12-29", "2027-03-01"])
def test_an_unpublished_day_is_refused_rather_than_estimated(day: str) -> None:
    with pytest.raises(CalendarUnpublished) as refused:
        china().is_working(days(day))
    assert day in refused.value.sentence("zh")
