"""Amounts and deadlines in English, in digits and in words, held against those that are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from fairdue.wording.claims import Claim
from fairdue.wording.dates_en import Day, days, due_days
from fairdue.wording.finding import Verdict
from fairdue.wording.match import Words
from fairdue.wording.numbers_en import amount, spoken

CURRENCY = r"[$£€₹¥]|rs|inr|usd|hkd|sgd|gbp|eur|rm|php|rupees?|dollars?|pounds?|euros?|bucks|quid|dirhams?|aed"
SCALE = r"(?:k|grand|lakhs?|lacs?|crores?|million|thousand|hundred)"
DIGITS = r"\d+(?:\.\d+)?k?"
WORD = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|lakhs?|crores?|million)"
)
SPOKEN = rf"(?:a )?{WORD}(?: (?:and )?{WORD})*"
MONEY = re.compile(
    rf"(?<![a-z0-9])(?:(?P<sign>{CURRENCY}) ?)?(?P<number>{DIGITS}|{SPOKEN})(?: (?P<scale>{SCALE}))?(?: (?P<unit>{CURRENCY}))?"
    rf"(?: and (?P<cents>\d\d?|{SPOKEN}) (?:cents?|pence|paise))?(?![a-z0-9%])"
)
OWED = re.compile(
    r"\b(owe|owes|owed|owing|due|dues|balance|outstanding|total|arrears|overdue|unpaid|remains?|remaining|payoff|pay ?off|debt"
    r"|sum|liabilit\w+|stands? at|claim is|in default|settlement figure|close the account|clear the account)\b"
)
DEMAND = re.compile(r"\b(pay|settle|clear|transfer|remit|deposit|send|bring)\b")
OFFER = re.compile(
    r"\b(could you|can you|can pay|could pay|afford|manage|a (?:week|month|day|fortnight)|per (?:week|month)|each (?:week|month)"
    r"|every|monthly|weekly|we received|you paid|thank you|instal?ments? of|payments? of|you said|how about|offer\w*|at least"
    r"|if you can|set up|discount|late fee|fee of|limit|income|guarantee\w*|minimum|no (?:fee|charge)|penalty|extra|credit score"
    r"|years?|days?|minutes?|hours?|times|months?|weeks?|am|pm|you are owed|the estate|owed to you|refund\w*)\b"
)
NOT_MONEY = re.compile(
    r"\s*(?:%|percent|per cent|days?|weeks?|months?|years?|hours?|minutes?|times|st|nd|rd|th|am|pm|letters?|payments?|calls?)\b"
    r"|\s*of\b"
)
BARE = re.compile(  # what stands before a number that is money without saying so
    r"\b(?:is|are|of|at|owe|owes|owing|due|pay|total|amount|remains|balance|arrears|,) $"
)
SOONER = re.compile(
    r"\b(by|until|till|before|deadline|last (?:day|date|chance)|due|expires?|ends?|closes?|latest|no later than|within"
    r"|pay on|pay (?:today|tomorrow)|or)\b"
)
LEAST = 3  # a bare number of fewer digits is no amount


def found(words: Words) -> Iterator[Claim]:
    """Every amount or deadline that what is known does not bear out."""
    if words.said.third:
        return
    yield from _amounts(words)
    yield from _deadlines(words)


def _amounts(words: Words) -> Iterator[Claim]:
    known = None if words.said.amounts is None else frozenset(_known(words.said.amounts))
    for match in MONEY.finditer(words.view.text):
        value = _value(match, words.view.text)
        if value is None or (known is not None and value in known):
            continue
        verdict = _verdict(words, match, value, known)
        if verdict is not Verdict.PASS:
            yield Claim(match.start(), match.end(), "P08", verdict, "amount")


def _value(match: re.Match[str], text: str) -> Fraction | None:
    """The amount named; none where the number is no money."""
    money = match["sign"] or match["unit"]
    if not money and (
        not BARE.search(text, 0, match.start())
        or NOT_MONEY.match(text, match.end())
        or not (match["scale"] or len(match["number"]) >= LEAST)
    ):
        return None
    value = amount(match["number"], match["scale"])
    cents = spoken(match["cents"]) if match["cents"] else None
    return value if value is None or cents is None else value + Fraction(cents, 100)


def _verdict(words: Words, match: re.Match[str], value: Fraction, known: frozenset[Fraction] | None) -> Verdict:
    """A wrong amount owed is blocked, so is a demand beyond all that is known; where nothing is known it is reviewed."""
    low, high = words.view.clause(match.start(), match.end())
    around = words.view.text[low : match.start()] + " " + words.view.text[match.end() : high]
    money, owed = bool(match["sign"] or match["unit"] or match["scale"]), bool(OWED.search(around))
    if OFFER.search(around) or not (owed or (money and DEMAND.search(around))):
        return Verdict.PASS
    if known is None:
        return Verdict.REVIEW if owed and money else Verdict.PASS
    return Verdict.BLOCK if owed or value > max(known, default=Fraction(0)) else Verdict.PASS


def _known(amounts: Iterable[object]) -> Iterator[Fraction]:
    for said in amounts:
        if isinstance(said, int | float):
            yield Fraction(str(said))
        elif isinstance(said, str) and (match := re.search(r"\d[\d,]*(?:\.\d+)?", said)):
            yield Fraction(match[0].replace(",", ""))


def _deadlines(words: Words) -> Iterator[Claim]:
    if words.said.deadlines is None:
        return
    today = _date(words.said.today)
    known = {day for said in words.said.deadlines for day in due_days(str(said), today)}
    for day in days(words.view.text, today):
        if known and not (day.readings & known) and _is_deadline(words, day):
            yield Claim(day.start, day.end, "P09", Verdict.BLOCK, "deadline")


def _is_deadline(words: Words, day: Day) -> bool:
    low, _ = words.view.clause(day.start, day.end)
    return bool(SOONER.search(words.view.text[low : day.start])) and not day.past


def _date(said: str) -> date | None:
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        return None
