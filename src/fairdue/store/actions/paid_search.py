"""A customer says it is paid: the search is made at once and again whenever money has come, and a person is told what it found.

Found or not, what was looked at is evidence on the track. Nothing is booked by a search: a person assigns, and decides the track.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max

from fairdue.core.codes import Role
from fairdue.core.tracks import TrackState
from fairdue.store import access, audit, clock, paid_search
from fairdue.store.access import NotYours
from fairdue.store.actions import track_work as work
from fairdue.store.actions.tasks import About, Due, Whom, end_about, open_task
from fairdue.store.models import Candidate, Organisation, PaidSearch, PaymentLine, Suspense, Task, Track, User
from fairdue.store.paid_search import Claim, Place, Searched, WhyNot, claim_of

KIND = "ALREADY_PAID"
OPEN = (TrackState.OPEN, TrackState.HELD)


@transaction.atomic
def search(user: User, track_id: int, amount: int, on: date | None) -> PaidSearch:
    """Look with what the customer named; zero and None: what is in the words. Raises `NotYours`."""
    track = access.get_track(user, track_id)
    if track.kind != KIND or track.state not in OPEN:
        raise NotYours
    words = claim_of(track.said, track.lender.exponent, _today(track))
    return run(user.username, track, Claim(amount or words.amount, on or words.on))


def begin(actor: str, track: Track) -> None:
    """The first look, inside the transaction that opens the track; the customer is asked for proof where nothing is found."""
    if track.kind == KIND:
        run(actor, track, claim_of(track.said, track.lender.exponent, _today(track)))


def again(actor: str, lender: Organisation) -> dict[str, int]:
    """Look anew for every open claim since whose last look money has come; how many were looked at, and how many found."""
    newest, done = _newest(lender), {"looked": 0, "found": 0}
    claims = Track.objects.filter(lender=lender, kind=KIND, state__in=OPEN)
    claims = claims.select_related("case__customer", "case__lender", "case__owner", "case__team", "lender")
    for track in claims.annotate(seen=Max("searches__last_line")).order_by("pk"):
        if track.seen is None or track.seen < newest:
            with transaction.atomic():
                last = track.searches.order_by("-pk").first()
                words = claim_of(track.said, lender.exponent, _today(track))
                made = run(actor, track, Claim(last.amount or 0, last.paid_on) if last else words)
            done["looked"] += 1
            done["found"] += bool(made.found)
    return done


def _newest(lender: Organisation) -> int:
    return int(PaymentLine.objects.filter(lender=lender).aggregate(last=Max("pk"))["last"] or 0)


def run(actor: str, track: Track, claim: Claim) -> PaidSearch:
    """One look and what follows from it, inside the caller's transaction."""
    found = paid_search.look(track, claim)
    made = PaidSearch.objects.create(track=track, at=clock.now_minute(), by=actor, amount=claim.amount or None,
                                     paid_on=claim.on, looked=found.looked, found=found.found, why=found.why,
                                     last_line=_newest(track.lender))  # fmt: skip
    work.keep(track, "SEARCH", _said(found), "", b"", actor)
    _tell(actor, track, found)
    audit.write(actor, "paid-search.make", "track", track.pk, search=made.pk, found=len(found.found), why=found.why)
    return made


def _said(found: Searched) -> str:
    looked = sum(found.looked.values())
    if not found.found:
        why = WhyNot[found.why]
        return f"查看 {looked} 笔款项，未找到：{why.zh} / {looked} payments looked at, none found: {why.en}"
    best = found.found[0]
    place, score, count = Place[best["place"]], best["score"], len(found.found)
    return (f"查看 {looked} 笔款项，可能相符 {count} 笔，最高 {score} 分（{place.zh}） / "
            f"{looked} payments looked at, {count} may be it, the best {score} points ({place.en})")  # fmt: skip


def _tell(actor: str, track: Track, found: Searched) -> None:
    """Finance looks at what may be it; where there is nothing, the customer is asked for proof, once."""
    about = About(track.case, "track", track.pk)
    due = Due(track.due_on, clock={"zh": track.clock_zh, "en": track.clock_en})
    open_ones = Task.objects.filter(about="track", about_id=track.pk, state=Task.OPEN)
    if found.found:
        _candidates(track, found)
        if not open_ones.filter(kind="FOUND_MAYBE").exists():
            open_task(actor, track.lender, "FOUND_MAYBE", Whom(role=Role.FINANCE), due=due, about=about)
        return
    end_about(actor, "track", track.pk, "nothing like it any more", only=["FOUND_MAYBE"], done=False)
    proof = track.evidence.filter(code="RECEIPT", file_size__gt=0).exists()
    if not proof and not open_ones.filter(kind="COLLECT_EVIDENCE").exists():
        owner = track.case.owner
        whom = Whom(owner=owner) if owner else Whom(team=track.case.team, role=Role.LEAD)
        open_task(actor, track.lender, "COLLECT_EVIDENCE", whom, due=due, about=about,
                  detail={"zh": "请客户提供还款凭证（日期、金额、渠道），并告知查询结果",
                          "en": "Ask the customer for proof (date, amount, way), and say what was searched"})  # fmt: skip


def _candidates(track: Track, found: Searched) -> None:
    """Money that waits and may be it stands with finance under this debt, to be assigned at a click."""
    account = track.case.customer.accounts.order_by("account_no").first()
    waits = {row["line"]: row["score"] for row in found.found if row["place"] == Place.WAITS.name}
    for one in Suspense.objects.filter(line__in=waits, state=Suspense.OPEN):
        if account is not None and not one.candidates.filter(account__customer=track.case.customer_id).exists():
            Candidate.objects.create(suspense=one, account=account, score=min(94, waits[one.line_id]), why="CLAIM")


def _today(track: Track) -> date:
    return work.today_of(track.case)
