"""English numbers and days are read back as they were said."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from fairdue.wording.dates_en import days, due_days
from fairdue.wording.numbers_en import SMALL, amount, spoken
from fairdue.wording.view import look

NAMES = {number: word for word, number in SMALL.items()}
TODAY = date(2026, 11, 25)


def aloud(number: int) -> str:
    """A plain twin that says what `spoken` reads."""
    if number < 20 or (number < 100 and number % 10 == 0):
        return NAMES[number]
    if number < 100:
        return f"{NAMES[number // 10 * 10]} {NAMES[number % 10]}"
    unit, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = f" {aloud(number % unit)}" if number % unit else ""
    return f"{aloud(number // unit)} {name}{rest}"


def test_a_number_in_words_is_read_back() -> None:
    draw = Random(1)
    for number in [*range(1, 130), *(draw.randrange(100, 999_999) for _ in range(500))]:
        assert spoken(aloud(number)) == number, aloud(number)


def test_a_word_that_is_no_number_is_none() -> None:
    assert spoken("several") is None
    assert amount("some", None) is None


def test_what_multiplies_a_number_counts() -> None:
    assert amount("2.5", "lakh") == Fraction(250_000)
    assert amount("50k", None) == Fraction(50_000)
    assert amount("five", "grand") == Fraction(5_000)
    assert amount("3", "hundred") == Fraction(300)


def test_a_day_in_any_form_is_among_its_readings() -> None:
    draw = Random(2)
    for _ in range(300):
        day = TODAY + timedelta(draw.randrange(1, 150))
        forms = (
            f"{day:%d %B %Y}",
            f"{day:%B} {day.day}, {day.year}",
            f"{day:%d/%m/%Y}",
            f"{day:%Y-%m-%d}",
            f"{day:%b}. {day.day}",
        )
        for form in forms:
            found = [reading for named in days(look(f"pay by {form}", "en").text, TODAY) for reading in named.readings]
            assert day in found, form
            assert day in due_days(form, TODAY), form


def test_days_ahead_need_a_today() -> None:
    text = look("within 3 days, that is by saturday", "en").text
    assert not list(days(text, None))
    assert date(2026, 11, 28) in {reading for named in days(text, TODAY) for reading in named.readings}


def test_a_day_that_is_none_is_not_read() -> None:
    assert not list(days("by 31 february 2026", TODAY))
