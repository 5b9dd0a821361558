"""A statement of 100,000 lines from its file to the books: parsed, balance-checked, matched, booked, quiet, audited; known truth.

Lines are drawn like those of `payments.py`; a third of the people have a case and one in thirty an open promise.
FAIRDUE_DATABASE_URL names an empty PostgreSQL database; without it SQLite is used. The alternative is the same import with a
transaction a line, over a thousand further lines.
"""

from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import bench
import synthetic

import payments

ON = date(2026, 9, 30)
AT_ONCE = 2_000  # rows in one statement
PER_LINE = 1_000  # lines of the alternative


def main() -> None:
    said = bench.arguments(__doc__, lines=100_000, debts=100_000)
    with bench.home() as home:
        made = bench.apart(prepare, home, said.debts, said.lines)
        found = bench.apart(book, made["path"], 0)
        truth = bench.apart(score, made["truth"])
        one_by_one = bench.apart(book, made["more"], 10**9)
    ratio = round(one_by_one["seconds"] / one_by_one["lines"] * found["lines"] / found["seconds"], 1)
    result = {"lines": said.lines, "debts": said.debts, **found, **truth, "times_faster_than_line_by_line": ratio,
              "line_by_line_ms_a_line": round(1_000 * one_by_one["seconds"] / one_by_one["lines"], 1),
              "machine": bench.machine()}  # fmt: skip
    bench.show(result, as_json=said.json)


def prepare(home: Path, debts: int, lines: int) -> dict[str, Any]:
    """The book in the database, the statement as camt.053, and a short one."""
    draw = random.Random(20261125)  # noqa: S311 - a reproducible test set
    book = payments.debts(debts, draw)
    lender = synthetic.lender()
    _fill(lender, book, draw)
    rows = drawn(book, draw, lines)
    truth = [(f"R{at}", book["number"][row["truth"]] if row["truth"] >= 0 else "") for at, row in enumerate(rows)]
    path, more = home / "long.xml", home / "more.xml"
    path.write_text(_camt(rows, "R"), "utf-8")
    more.write_text(_camt([payments.line(book, draw) for _ in range(PER_LINE)], "A"), "utf-8")
    return {"path": path, "more": more, "truth": truth}


def drawn(book: dict[str, list[Any]], draw: random.Random, lines: int) -> list[dict[str, Any]]:
    """A month's statement: debts pay once each, one in twenty all of it, two in three an instalment, the others some sum."""
    places = draw.sample(range(len(book["number"])), len(book["number"]))
    rows = []
    for at in range(lines):
        row = payments.line(book, draw, places[at % len(places)])
        owed, part = book["amounts"][places[at % len(places)]]
        kind = draw.random()
        rows.append(row | {"amount": owed if kind < 0.05 else part if kind < 0.7 else draw.randrange(1_000, owed)})
    return rows


def _fill(lender: Any, book: dict[str, list[Any]], draw: random.Random) -> None:
    from fairdue.core.codes import Product
    from fairdue.store import clock
    from fairdue.store.models import (
        Account,
        Batch,
        Case,
        PaymentLine,
        PaymentMatch,
        Person,
        Posting,
        Promise,
        VirtualAccount,
    )
    from fairdue.store.seal import mask_name, sealer

    seal = sealer()
    batch = Batch.objects.create(lender=lender, identity="bench", kind="book", file_name="", file_sha256="", mapping="",
                                 mapping_revision="", as_of=ON, state="LOADED", started_at=clock.wall())  # fmt: skip
    people = Person.objects.bulk_create(
        [Person(lender=lender, ref=number, name_sealed=seal.seal(name), name_masked=mask_name(name), name_index=seal.index(name))
         for number, name in zip(book["number"], book["name"], strict=True)], batch_size=AT_ONCE)  # fmt: skip
    accounts = Account.objects.bulk_create(
        [Account(lender=lender, customer=person, account_no=person.ref, product=Product.CONSUMER, currency="CNY", exponent=2,
                 oldest_unpaid_due=ON, batch=batch, lender_balance=owed, lender_as_of=ON, accrued_to=ON)
         for person, (owed, _) in zip(people, book["amounts"], strict=True)], batch_size=AT_ONCE)  # fmt: skip
    Posting.objects.bulk_create(
        [Posting(account=account, value_date=ON, component=component, amount=amount, kind=0, ref="", booked_at=clock.wall())
         for account, (owed, _) in zip(accounts, book["amounts"], strict=True)
         for component, amount in ((0, owed - owed // 10), (1, owed // 10))], batch_size=AT_ONCE)  # fmt: skip
    VirtualAccount.objects.bulk_create(
        [VirtualAccount(lender=lender, account=account, number=number)
         for account, number in zip(accounts, book["virtual"], strict=True) if number], batch_size=AT_ONCE)  # fmt: skip
    before = PaymentLine.objects.bulk_create(
        [PaymentLine(lender=lender, source="STATEMENT", identity=f"before {n}", paid_on=ON, amount=1, currency="CNY",
                     account_tail=tail, known_at=clock.wall(), added_by="bench")
         for n, tail in enumerate(book["tail"])], batch_size=AT_ONCE)  # fmt: skip
    PaymentMatch.objects.bulk_create(
        [PaymentMatch(line=line, account=account, amount=1, how="REFERENCE", posting_ref="", by="bench", at=0)
         for line, account in zip(before, accounts, strict=True) if line.account_tail], batch_size=AT_ONCE)  # fmt: skip
    cases = Case.objects.bulk_create(
        [Case(lender=lender, customer=person, opened_on=ON) for person in people[::3]], batch_size=AT_ONCE
    )
    instalment = dict(zip((person.pk for person in people), (part for _, part in book["amounts"]), strict=True))
    Promise.objects.bulk_create(
        [Promise(case=case, made_on=ON, amount=max(1, instalment[case.customer_id]), due_on=ON, grace_days=3,
                 threshold_ppm=900_000)
         for case in draw.sample(cases, len(cases) // 10)], batch_size=AT_ONCE)  # fmt: skip


def _camt(rows: list[dict[str, Any]], ref: str) -> str:
    closing = sum(row["amount"] for row in rows)
    head = ('<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
            f"<BkToCstmrStmt><GrpHdr><MsgId>{ref}</MsgId></GrpHdr><Stmt><Id>{ref}</Id><Acct><Id><Othr><Id>6222000011112222</Id></Othr></Id>"
            "<Ccy>CNY</Ccy></Acct>")  # fmt: skip
    body = "".join(_entry(row, f"{ref}{at}") for at, row in enumerate(rows))
    return head + _balance("OPBD", 0) + _balance("CLBD", closing) + body + "</Stmt></BkToCstmrStmt></Document>"


def _balance(kind: str, amount: int) -> str:
    return (f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{amount / 100:.2f}</Amt>'
            f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{ON}</Dt></Dt></Bal>")  # fmt: skip


def _entry(row: dict[str, Any], ref: str) -> str:
    related = f"<RmtInf><Ustrd>{escape(row['said'])}</Ustrd></RmtInf>"
    to = f"<CdtrAcct><Id><Othr><Id>{row['virtual']}</Id></Othr></Id></CdtrAcct>" if row["virtual"] else ""
    return (
        f'<Ntry><Amt Ccy="CNY">{row["amount"] // 100}.{row["amount"] % 100:02}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<BookgDt><Dt>{ON}</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs><RltdPties>"
        f"<Dbtr><Pty><Nm>{escape(row['name'])}</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><Othr><Id>622200{row['tail']:>08}</Id></Othr></Id></DbtrAcct>{to}</RltdPties>{related}</TxDtls>"
        "</NtryDtls></Ntry>"
    )


def book(path: Path, many: int) -> dict[str, Any]:
    """Through the door of the command line; `many`: from so many lines on in batches (0: always)."""
    from django.db import connection

    from fairdue.intake import statements as intake
    from fairdue.store import matching_many
    from fairdue.store.actions import statements
    from fairdue.store.models import Organisation

    begun = time.process_time()
    phases, lender = bench.Phases(), Organisation.objects.get(code="bench")
    statements.MANY = many
    with phases("parse"):
        told = intake.read(path, "camt053", currency="CNY")
    with phases("balance"):
        told[0].check()
    matching_many.find = phases.timed("match", matching_many.find)
    matching_many.book_of = phases.timed("gather the debts", matching_many.book_of)
    with phases("all else: book, quiet, audit"):
        done = statements.book("bench", lender, told[0], "0" * 64).statement
    seconds = dict(phases.seconds)
    seconds["all else: book, quiet, audit"] -= seconds.get("match", 0.0) + seconds.get("gather the debts", 0.0)
    return {"database": connection.vendor, "lines": done.rows_read, "kept": done.rows_booked, "rejected": done.rows_rejected,
            "seconds": round(sum(seconds.values()), 1),
            "cpu_seconds_of_this_process": round(time.process_time() - begun, 1), "peak_mb": bench.peak_mb(),
            "phases_seconds": {name: round(one, 1) for name, one in seconds.items()}}  # fmt: skip


def score(truth: list[tuple[str, str]]) -> dict[str, Any]:
    """Precision and recall of what stands booked, and that the audit chain holds."""
    from fairdue.store import audit
    from fairdue.store.models import PaymentMatch

    found = dict(
        PaymentMatch.objects.filter(line__bank_ref__startswith="R", undoes=None).values_list(
            "line__bank_ref", "account__account_no"
        )
    )
    right = sum(1 for ref, number in truth if number and found.get(ref) == number)
    wrong = sum(1 for ref, number in truth if ref in found and found[ref] != number)
    return {"booked": len(found), "false": wrong, "false_per_10000_lines": round(10_000 * wrong / len(truth), 3),
            "precision": round(1 - wrong / max(1, len(found)), 6),
            "recall": round(right / sum(1 for _, number in truth if number), 4),
            "audit_holds": audit.verify() is None}  # fmt: skip


if __name__ == "__main__":
    main()
