"""The clocks of one case with every event that drives them, and the board of what would lapse, when, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from fairdue.core.codes import Role
from fairdue.core.errors import Fault, Lang
from fairdue.core.happened import Effect, Happened
from fairdue.core.limitation import Standing
from fairdue.rules import periods
from fairdue.rules.periods import WINDOWS, Period, PeriodKind
from fairdue.rules.windows import Window, load_windows
from fairdue.store import access, clock, legal
from fairdue.store.actions.lapses import EVERY, MAY_ASK, choices_for
from fairdue.store.actions.legal_clocks import WARNINGS, near_windows, sentence
from fairdue.store.actions.legal_events import REVIEWERS
from fairdue.store.facts import DjangoReader
from fairdue.store.models import Account, Case, LegalClock, LegalEvent, Person, Posting, User

Text = Mapping[Lang, str]
LANGS: tuple[Lang, Lang] = ("zh", "en")
ON_ONE_PAGE = 100
EVIDENCE: Mapping[str, Text] = {
    "promise": {"zh": "还款承诺", "en": "promise"}, "posting": {"zh": "入账", "en": "posting"},
    "plan": {"zh": "还款方案", "en": "plan"}, "letter": {"zh": "信函", "en": "letter"},
    "proceeding": {"zh": "诉讼程序", "en": "procedure"}, "file": {"zh": "文件", "en": "file"},
    "note": {"zh": "说明", "en": "note"},
}  # fmt: skip


class NoSuchCase(Fault):
    """Nobody goes by that number or reference."""

    code = "clocks.no-case"
    en, en_remedy = "There is no case '{case}'.", "Give the number of a case or the customer's reference."
    zh, zh_remedy = "没有案件“{case}”。", "请填写案件编号或客户编号。"


@dataclass(frozen=True)
class EventLine:
    """One event: what it was, what it did to the period, by which article, and what proves it."""

    on: date
    kind: Happened
    effect: Effect
    article: Text
    confidence: str
    ended: date | None
    evidence: str
    evidence_id: int
    event_id: int | None = None
    may_void: bool = False

    @property
    def proof(self) -> Text:
        """The row that proves it, in words."""
        named = EVIDENCE.get(self.evidence, {"zh": self.evidence, "en": self.evidence})
        number = f" {self.evidence_id}" if self.evidence_id >= 0 else ""
        return {"zh": named["zh"] + number, "en": named["en"] + number}


@dataclass(frozen=True)
class ClockLine:
    """One clock of one debt, in a sentence, with all that happened to it."""

    account: int
    kind: PeriodKind
    standing: Standing
    last: date | None
    days_left: int | None
    provisional: bool
    said: Text
    law: Text
    events: tuple[EventLine, ...]
    meanwhile: Text | None = None
    choices: tuple[tuple[str, Text], ...] = ()
    start_on: date | None = None
    about_id: int = -1
    clock_id: int | None = None
    person: str = ""
    decided: Text | None = None
    asked: bool = False

    @property
    def open_lapse(self) -> bool:
        """It ran out and nobody has decided."""
        return self.standing == Standing.LAPSED and self.decided is None

    @property
    def near(self) -> bool:
        """It is within the first warning."""
        window = load_windows().get(self.kind)
        first = max(window.warn, default=-1) if window else WARNINGS[0]
        return self.days_left is not None and 0 <= self.days_left <= first and self.standing == Standing.RUNNING


@dataclass(frozen=True)
class CaseClocks:
    """Every clock of a case on a day."""

    case: Case
    on: date
    clocks: tuple[ClockLine, ...]

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {"case": self.case.pk, "on": self.on, "clocks": [_clock_dict(line) for line in self.clocks]}

    def as_text(self, lang: Lang) -> str:
        """For a person."""
        if not self.clocks:
            return "没有在算的期间。" if lang == "zh" else "No period runs."
        return "\n".join(text for line in self.clocks for text in _lines(line, lang))


def _clock_dict(line: ClockLine) -> dict[str, Any]:
    events = [
        {"on": e.on, "kind": e.kind.name, "effect": e.effect.name, "ended": e.ended, "evidence": e.evidence,
         "evidence_id": e.evidence_id, "article_zh": e.article["zh"], "article_en": e.article["en"],
         "confidence": e.confidence}
        for e in line.events
    ]  # fmt: skip
    return {
        "account": line.account, "kind": line.kind.name, "standing": line.standing.name, "last": line.last,
        "days_left": line.days_left, "provisional": line.provisional, "zh": line.said["zh"], "en": line.said["en"],
        "law_zh": line.law["zh"], "law_en": line.law["en"], "events": events, "start": line.start_on,
        "meanwhile_zh": line.meanwhile["zh"] if line.meanwhile else "", "about_id": line.about_id,
        "meanwhile_en": line.meanwhile["en"] if line.meanwhile else "",
    }  # fmt: skip


def _lines(line: ClockLine, lang: Lang) -> list[str]:
    said = [line.said[lang] + (f"  [{line.law[lang]}]" if line.law[lang] else "")]
    for event in line.events:
        proof, article = event.proof[lang], event.article[lang]
        until = f" – {event.ended}" if event.ended else ""
        said.append(
            f"  {event.on}{until}  {event.kind.label(lang)} ({proof}): {event.effect.label(lang)}  {article}".rstrip()
        )
    return said


def find_case(said: str) -> Case:
    """A case by its number or the customer's reference. Raises `NoSuchCase`."""
    cases = Case.objects.select_related("customer", "lender").order_by("-pk")
    found = cases.filter(customer__ref=said).first() or (cases.filter(pk=int(said)).first() if said.isdigit() else None)
    if found is None:
        raise NoSuchCase(case=said)
    return found


def clocks_on(case: Case, on: date) -> CaseClocks:
    """Reckon the clocks of a case for any day, past or to come, from what is on record now."""
    told = legal.gather(DjangoReader(), case.lender_id, f"= {case.customer_id}")
    found = legal.reckon(told, case.lender.pack, on)
    events = [dict(row) for row in told.events.iter_rows(named=True) if row["day"] <= on]
    lines = tuple(_clock(row, events, case, on) for row in found.iter_rows(named=True))
    return CaseClocks(case, on, lines)


def _clock(row: dict[str, Any], events: list[dict[str, Any]], case: Case, on: date) -> ClockLine:
    kind = PeriodKind(row["kind"])
    window = load_windows().get(kind)
    period = None if window else next((p for p in periods.load_periods() if p.id == row["period"]), None)
    made = LegalClock(kind=row["kind"], standing=row["standing"], start_on=row["start_on"], last=row["last"],
                      provisional=row["provisional"], cause=row["cause"], cause_on=row["cause_on"])  # fmt: skip
    mine = [event for event in events if event["account"] == row["account"] and _about(event, window)]
    left = None if row["last"] is None else (row["last"] - on).days
    return ClockLine(
        row["account"], kind, Standing(row["standing"]), row["last"], left, row["provisional"], sentence(made),
        _law_of_window(window, row, case) if window else _law(period, kind, case),
        tuple(_event(event, period) for event in mine if _speaks(event, period)), window.meanwhile if window else None,
        tuple(choices_for(kind).items()), row["start_on"], row["about_id"],
    )  # fmt: skip


def _about(event: dict[str, Any], window: Window | None) -> bool:
    """A window shows its own events only: the notice, and a dispute of it."""
    if window is None:
        return True
    return window.kind == PeriodKind.VALIDATION and event["kind"] in {Happened.VALIDATION_SENT, Happened.DISPUTED}


def _law_of_window(window: Window, row: dict[str, Any], case: Case) -> Text:
    extended = int(row["period"].rpartition(":")[2]) if window.track else 0
    source = window.source(case.lender.pack, extended, case.lender.lender_kind)
    if source is None:
        return {"zh": "", "en": ""}
    zh, en = (
        f"{source.instrument['zh']}{source.article['zh']}",
        f"{source.instrument['en']} {source.article['en']}".strip(),
    )
    return {"zh": f"{zh}（{source.confidence}）", "en": f"{en} ({source.confidence})"}


def _law(period: Period | None, kind: PeriodKind, case: Case) -> Text:
    if period is None:
        fault = periods.NoPeriod(
            kind=kind.en.lower(), kind_zh=kind.zh, pack=case.lender.pack, place=case.customer.place
        )
        return {"zh": fault.sentence("zh"), "en": fault.sentence("en")}
    source = period.source
    zh, en = f"{source.instrument['zh']}{source.article['zh']}", f"{source.instrument['en']} {source.article['en']}"
    return {"zh": f"{zh}（{source.confidence}）", "en": f"{en} ({source.confidence})"}


def _speaks(event: dict[str, Any], period: Period | None) -> bool:
    return period is None or Happened(event["kind"]) in period.events


def _event(event: dict[str, Any], period: Period | None) -> EventLine:
    kind = Happened(event["kind"])
    cause = period.events.get(kind) if period else None
    effect = cause.effect if cause else Effect.NONE
    if event["withdrawn"]:
        effect = Effect.NONE if event["served_on"] is None else Effect.RESTARTS
    return EventLine(event["day"], kind, effect, cause.article if cause else {"zh": "", "en": ""},
                     cause.confidence if cause else "", event["ended"], event["evidence"], event["evidence_id"])  # fmt: skip


@dataclass(frozen=True)
class CaseClocksPage:
    """The clocks page of a case: what runs, what may be recorded by this user, and what may be decided."""

    case: Case
    on: date
    clocks: tuple[ClockLine, ...]
    recorded: tuple[LegalEvent, ...]
    kinds: tuple[Happened, ...]
    guarantors: tuple[Person, ...]
    may_record: bool
    may_void: bool
    may_decide: bool


def case_clocks(user: User, case_id: int) -> CaseClocksPage:
    """Raises `NotYours`."""
    case = access.get_case(user, case_id)
    on = clock.business_date(clock.now_minute(), case.lender.zone)
    kept = {(row.account_id, row.kind, row.person_key, row.about_id): row for row in
            LegalClock.objects.filter(account__customer_id=case.customer_id).select_related("decided", "person")}  # fmt: skip
    told = legal.gather(DjangoReader(), case.lender_id, f"= {case.customer_id}")
    found = legal.reckon(told, case.lender.pack, on)
    events = [dict(row) for row in told.events.iter_rows(named=True) if row["day"] <= on]
    lines = []
    for row in found.iter_rows(named=True):
        line = _clock(row, events, case, on)
        lines.append(_with_row(line, kept.get((row["account"], row["kind"], row["person"], row["about_id"]))))
    role = Role(user.role)
    recorded = LegalEvent.objects.filter(account__customer_id=case.customer_id).order_by("-on", "-pk")[:ON_ONE_PAGE]
    guarantors = Person.objects.filter(linked_to__customer=case.customer_id, linked_to__party=2).order_by("pk")
    return CaseClocksPage(
        case, on, tuple(lines), tuple(recorded), tuple(Happened), tuple(guarantors), role in MAY_ASK,
        role in REVIEWERS, role in MAY_ASK,
    )  # fmt: skip


def _with_row(line: ClockLine, row: LegalClock | None) -> ClockLine:
    if row is None:
        return line
    decided = EVERY[row.decided.choice] if row.decided else None
    waiting = row.decided is None and row.decisions.filter(state="ASKED").exists()
    person = (row.person.name_masked or row.person.ref) if row.person else ""
    return ClockLine(**{**line.__dict__, "clock_id": row.pk, "decided": decided, "asked": waiting, "person": person})


@dataclass(frozen=True)
class LapseRow:
    """One debt on the board: which case, until when, why, and what is owed on it."""

    clock: LegalClock
    case_id: int | None
    person: str
    days_left: int
    worth: int
    said: Text
    kind: PeriodKind
    red: bool


@dataclass(frozen=True)
class LapseBoard:
    """What ran out without a decision, then what runs out next; worth in minor units."""

    on: date
    rows: tuple[LapseRow, ...]
    undecided: int
    undecided_worth: int
    steps: tuple[tuple[int, int, int], ...]  # within so many days: clocks, worth
    unknown: int
    page: int
    more: bool
    currency: str
    exponent: int


def lapse_board(user: User, page: int = 1) -> LapseBoard:
    """The board for whoever may see cases; the number of queries does not depend on how many clocks there are."""
    lender = user.organisation
    on = clock.business_date(clock.now_minute(), lender.zone)
    owed = Posting.objects.filter(account=OuterRef("account")).values("account").annotate(s=Sum("amount")).values("s")
    newest = Case.objects.filter(customer=OuterRef("account__customer")).order_by("-opened_on", "-pk").values("pk")[:1]
    clocks = access.legal_clocks_for(user).annotate(worth=Coalesce(Subquery(owed), 0), case_no=Subquery(newest))
    red = clocks.filter(standing=Standing.LAPSED, decided=None)
    soon = Q(last__lte=on + timedelta(days=WARNINGS[0])) & ~Q(kind__in=WINDOWS)
    near = clocks.filter(soon | near_windows(on), standing=Standing.RUNNING, decided=None)
    first = (page - 1) * ON_ONE_PAGE
    shown = list((red | near).order_by("-standing", "last", "pk")[first : first + ON_ONE_PAGE + 1])
    money = near.exclude(kind__in=WINDOWS)
    steps = [(days, *_sum(money.filter(last__lte=on + timedelta(days=days)))) for days in sorted(WARNINGS)]
    count, worth = _sum(red)
    return LapseBoard(
        on, tuple(_lapse_row(row, on) for row in shown[:ON_ONE_PAGE]), count, worth, tuple(steps),
        clocks.filter(standing=Standing.UNKNOWN).count(), page, len(shown) > ON_ONE_PAGE, lender.currency, lender.exponent,
    )  # fmt: skip


def _sum(rows: Any) -> tuple[int, int]:
    """How many, and what is owed on the debts that lapse with them: with a window no money does."""
    found = list(rows.values_list("account_id", "worth", "kind"))
    return len(found), sum({account: max(worth, 0) for account, worth, kind in found if kind not in WINDOWS}.values())


def _lapse_row(row: Any, on: date) -> LapseRow:
    who = row.person or row.account.customer
    worth = 0 if row.kind in WINDOWS else max(row.worth, 0)
    return LapseRow(row, row.case_no, who.name_masked or who.ref, (row.last - on).days, worth, sentence(row),
                    PeriodKind(row.kind), row.standing == Standing.LAPSED)  # fmt: skip


def undecided(user: User) -> tuple[int, int]:
    """Lapses nobody has decided among the user's cases: how many, and what is owed on them. One query."""
    owed = Posting.objects.filter(account=OuterRef("account")).values("account").annotate(s=Sum("amount")).values("s")
    red = access.legal_clocks_for(user).filter(standing=Standing.LAPSED, decided=None)
    return _sum(red.annotate(worth=Coalesce(Subquery(owed), 0)))


def accounts_of(case: Case) -> list[Account]:
    """The debts of a case's customer at its lender."""
    return list(Account.objects.filter(customer_id=case.customer_id, lender_id=case.lender_id).order_by("pk"))
