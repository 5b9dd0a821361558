"""Promises both ways, cards of knowledge, and who is calling."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from fairdue.core.codes import Channel
from fairdue.core.errors import Lang
from fairdue.rules.talk.asides import Card, load_cards
from fairdue.store import access, clock
from fairdue.store.models import Case, OwnPromise, Promise, User
from fairdue.store.seal import sealer

SHOWN = 100
MEMORY_DAYS = 180
MOST_FOUND = 10


@dataclass(frozen=True)
class Rate:
    """How many of those that were judged were kept: nothing here says anything of how many calls were made."""

    kept: int
    judged: int

    @property
    def percent(self) -> int | None:
        """Whole per cent; None where nothing was judged."""
        return self.kept * 100 // self.judged if self.judged else None


@dataclass(frozen=True)
class WordsPage:
    """Promises of the lender that are open, those kept of late, and both sides' rates."""

    open: tuple[tuple[OwnPromise, str], ...]
    done: tuple[tuple[OwnPromise, str], ...]
    ours: Rate
    theirs: Rate


def words_page(user: User) -> WordsPage:
    """Promises on the cases the user may read; a collector's own first."""
    now = clock.now_minute()
    mine = OwnPromise.objects.filter(case__in=access.cases_for(user)).select_related("case__customer", "owner")
    since = now - MEMORY_DAYS * 24 * 60
    open_ones = [(w, w.standing(now)) for w in mine.filter(done_at__lt=0).order_by("due_at", "pk")[:SHOWN]]
    done = [(w, w.standing(now)) for w in mine.filter(done_at__gte=since).order_by("-done_at", "-pk")[:SHOWN]]
    of_late = [w.standing(now) for w in mine.filter(Q(done_at__lt=0) | Q(done_at__gte=since))]
    return WordsPage(tuple(open_ones), tuple(done), _rate(of_late, "OPEN"), _theirs(user))


def _rate(standings: Iterable[str], running: str) -> Rate:
    judged = [one for one in standings if one != running]
    return Rate(judged.count("KEPT"), len(judged))


def _theirs(user: User) -> Rate:
    judged = Promise.objects.filter(case__in=access.cases_for(user)).exclude(status__in=("OPEN", "SUPERSEDED"))
    return _rate(judged.values_list("status", flat=True), "OPEN")


@dataclass(frozen=True)
class KnowledgePage:
    """The cards that fit a search."""

    text: str
    cards: tuple[Card, ...]


def knowledge_page(text: str, lang: Lang) -> KnowledgePage:
    """Cards whose title, text or source holds the words; all of them without words."""
    wanted = text.strip().casefold()
    cards = load_cards()
    found = tuple(c for c in cards if wanted in f"{c.title[lang]} {c.text[lang]} {c.source[lang]}".casefold())
    return KnowledgePage(text.strip(), found)


SIGNS = re.compile(r"[\s()\-]")
COUNTRY = re.compile(r"^(\+86|0086|86(?=1\d{10}$))")


def _digits(text: str) -> str:
    """A number as it is kept: without signs, without the country's own code."""
    return COUNTRY.sub("", SIGNS.sub("", text))


def callers(user: User, text: str) -> tuple[Case, ...]:
    """Open cases of the user that fit a telephone number, a reference or a case number; empty without words.

    A number is found through its keyed index: it is never read in clear. Somebody else's case is not found.
    """
    wanted = text.strip()
    if not wanted:
        return ()
    digits = _digits(wanted)
    by_number = Q(customer__points__channel=Channel.CALL, customer__points__value_index=sealer().index(digits))
    fits = Q(customer__ref__iexact=wanted) | by_number
    if wanted.isdigit() and len(wanted) <= 10:  # noqa: PLR2004 - longer is no case number
        fits |= Q(pk=int(wanted))
    cases = access.cases_for(user).filter(fits, closed_on=None).select_related("customer", "lender").distinct()
    return tuple(cases.order_by("pk")[:MOST_FOUND])
