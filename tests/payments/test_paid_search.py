"""Says it is paid: the money is looked for at once and again, with points and reasons, or it is said why it was not found."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

import cast
from books import AS_OF
from fairdue.core.found_payment import LEAST, MOST, POINTS, WHO, Agrees, Rows, of_bits, points
from fairdue.store import clock, quiet
from fairdue.store.actions import ledger, paid_search, payments, tracks
from fairdue.store.actions.payments import Incoming
from fairdue.store.models import Account, BankStatement, Candidate, Case, Organisation, Suspense, Task, Track
from fairdue.store.paid_search import Claim, claim_of
from fairdue.store.seal import sealer
from worlds import BOTH, World, Worlds, opened

DAY = AS_OF


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest, worlds: Worlds) -> Iterator[World]:
    with opened(worlds, request.param, cast.engage) as made:
        yield made


def lender() -> Organisation:
    return Organisation.objects.get(code="bank")


def claims(case: Case, said: str = f"{DAY.month}月{DAY.day}日已转账 300 元") -> Track:
    return tracks.open_track(cast.user(cast.COLLECTOR), case.pk, "ALREADY_PAID", said)


def owed(account: Account) -> int:
    return int(ledger.balances(account, AS_OF).sum())


def named(case: Case) -> str:
    assert case.customer.name_sealed
    return sealer().open(bytes(case.customer.name_sealed))


def comes(ref: str, amount: int = 30_000, **more: Any) -> payments.Received:
    return payments.receive("bank", lender(), Incoming("STATEMENT", amount, "CNY", DAY, ref, **more))


def test_money_that_waits_is_found_and_stands_with_finance(world: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    account = case.customer.accounts.order_by("account_no").first()
    assert account is not None
    slip = account.account_no[:-1] + ("1" if account.account_no[-1] != "1" else "2")
    got = comes("W1", said=f"还款{slip}", payer="某亲属")
    track = claims(case)
    made = track.searches.get()
    assert (made.amount, made.paid_on) == (30_000, DAY)
    best = made.found[0]
    assert (best["line"], best["place"]) == (got.line.pk, "WAITS")
    assert {"SLIP", "AMOUNT", "DAY"} <= set(best["agrees"])
    assert Candidate.objects.filter(suspense=got.line.suspense, account__customer=case.customer).exists()
    task = Task.objects.get(kind="FOUND_MAYBE", about_id=track.pk)
    assert (task.state, task.due_on) == ("OPEN", track.due_on)
    assert quiet.why_quiet(case) == quiet.CLAIMED
    assert track.evidence.filter(code="SEARCH").count() == 1


def test_where_nothing_is_like_it_it_says_why_and_asks_for_proof_and_looks_again_when_money_comes(world: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    track = claims(case)
    assert (track.searches.get().found, track.searches.get().why) == ([], "STATEMENT_LACKS")
    assert Task.objects.filter(kind="COLLECT_EVIDENCE", about_id=track.pk, state="OPEN").count() == 1
    assert paid_search.again("test", lender())["looked"] == 0
    BankStatement.objects.create(
        lender=lender(), identity="x", format="camt053", file_name="x", file_sha256="", currency="CNY", to_on=AS_OF,
        state="LOADED", rows_read=0, booked_by="t", booked_at=clock.wall(),
    )  # fmt: skip
    clock.set_demo(cast.at(11))
    finance = cast.user(cast.FINANCE)
    assert paid_search.search(finance, track.pk, 30_000, DAY).why == "NOTHING_LIKE_IT"
    got = comes("W2", payer=named(case), payer_account="62220009")
    assert got.booked == 0
    assert paid_search.again("test", lender()) == {"looked": 1, "found": 1}
    assert paid_search.again("test", lender()) == {"looked": 0, "found": 0}
    newest = track.searches.latest("pk")
    assert [row["line"] for row in newest.found] == [got.line.pk]
    assert Task.objects.filter(kind="COLLECT_EVIDENCE", about_id=track.pk).count() == 1


def test_it_is_found_where_it_was_booked_here_elsewhere_or_taken_back(world: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    other = max(Account.objects.exclude(customer=case.customer), key=owed)
    own = max(case.customer.accounts.all(), key=owed)
    wrong = comes("E1", payer=named(case), to=((other.account_no, 30_000),))
    back = comes("E2", payer=named(case), to=((own.account_no, 30_000),))
    payments.take_back("bank", back.line, AS_OF, "returned")
    here = comes("E3", to=((own.account_no, 30_000),))
    found = {row["line"]: row["place"] for row in claims(case).searches.get().found}
    assert found == {wrong.line.pk: "ELSEWHERE", back.line.pk: "RETURNED", here.line.pk: "OWN"}
    assert Suspense.objects.filter(state="OPEN").count() == 0


@pytest.mark.parametrize(
    ("said", "amount", "on"),
    [
        ("10月9日已转账3000元", 300_000, date(2026, 10, 9)),
        ("paid ¥1,234.50 on 2026-09-30", 123_450, date(2026, 9, 30)),
        ("12月31号还了500块", 50_000, date(2025, 12, 31)),
        ("还了300元，又还了200元", 0, None),
        ("我还了", 0, None),
        ("2月30日还100元", 10_000, None),
    ],
)
def test_amount_and_day_are_read_from_the_words_or_not_at_all(said: str, amount: int, on: date | None) -> None:
    assert claim_of(said, 2, date(2026, 10, 14)) == Claim(amount, on)


def test_points_over_columns_are_those_of_a_plain_sum() -> None:
    draw = random.Random(5)
    start = np.datetime64("2026-10-01")
    for _ in range(60):
        size, amount, day = draw.randint(1, 30), draw.choice((0, 1_000, 30_000)), draw.choice((None, 5))
        usual = np.array(draw.sample(range(900, 1_100), 5), np.int64)
        amounts = [draw.choice((1_000, 1_005, 1_050, 30_000, 30_200, int(usual[0]))) for _ in range(size)]
        days = [draw.randrange(25) for _ in range(size)]
        flags = [[draw.random() < 0.3 for _ in range(size)] for _ in range(6)]
        rows = Rows(np.array(amounts), start + np.array(days), *(np.array(one) for one in flags))
        score, bits = points(rows, amount, np.datetime64("NaT", "D") if day is None else start + day, usual)
        for at in range(size):
            number, slip, name, tail, payer, own = (one[at] for one in flags)
            agrees = {Agrees.NUMBER: number, Agrees.SLIP: slip and not number, Agrees.NAME: name, Agrees.TAIL: tail,
                      Agrees.PAYER: payer, Agrees.OWN: own}  # fmt: skip
            exact = amount > 0 and amounts[at] == amount
            near = amount > 0 and not exact and abs(amounts[at] - amount) * 100 <= amount
            agrees |= {Agrees.AMOUNT: exact, Agrees.NEAR: near}
            agrees[Agrees.USUAL] = not exact and not near and amounts[at] in usual
            apart = abs(days[at] - day) if day is not None else 99
            agrees |= {Agrees.DAY: apart <= 3, Agrees.DAYS: 3 < apart <= 10}
            total = min(MOST, sum(int(POINTS[one]) for one, yes in agrees.items() if yes))
            whose = any(agrees[one] for one in WHO) or (exact and agrees[Agrees.DAY])
            assert score[at] == (total if whose and total >= LEAST else 0)
            assert set(of_bits(int(bits[at]))) == {one for one, yes in agrees.items() if yes}
