"""Small books that are the same every time, and everything a book has become, in names instead of row numbers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Model

from fairdue.core.codes import LenderKind, Role
from fairdue.core.dates import MINUTES, utc_of_local
from fairdue.jobs import imports
from fairdue.store.models import (
    Account,
    AccountMonth,
    Attempt,
    AuditRow,
    Batch,
    Case,
    Decision,
    Instalment,
    LenderCheck,
    Link,
    NightRun,
    Organisation,
    Person,
    Point,
    Posting,
    Promise,
    StageChange,
    Stop,
    Team,
    User,
    WorkItem,
)

AS_OF = date(2026, 9, 30)


def bank(*, owns_ledger: bool = True) -> Organisation:
    """A lender with two teams of certified collectors, their leads, and a compliance officer."""
    lender = Organisation.objects.create(
        code="bank", name_zh="甲银行", name_en="Bank A", lender_kind=LenderKind.BANK, association_member=True,
        owns_ledger=owns_ledger, pack="cn", policy="steady", records_calls=True,
    )  # fmt: skip
    for number, team in enumerate(("one", "two")):
        made = Team.objects.create(organisation=lender, name=team)
        for username in (f"collector{2 * number + 1}", f"collector{2 * number + 2}"):
            hire(username, Role.COLLECTOR, lender, made)
        hire(f"lead{number + 1}", Role.LEAD, lender, made)
    hire("compliance", Role.COMPLIANCE, lender)
    return lender


def hire(username: str, role: Role, organisation: Organisation, team: Team | None = None) -> User:
    """A user with a certificate, who cannot log in."""
    return User.objects.create(
        username=username, display_name=username, role=role, organisation=organisation, team=team, certified=True,
        exam_on=AS_OF - timedelta(days=90), password="!",
    )  # fmt: skip


def rows(count: int, *, as_of: date = AS_OF) -> list[dict[str, Any]]:
    """Accounts of about three quarters as many customers: current and late, in credit and in debt, by a fixed pattern."""
    return [_row(i, as_of) for i in range(count)]


def _row(i: int, as_of: date) -> dict[str, Any]:
    late = (0, 12, 0, 45, 75, 0, 130, 200, 5, 33)[i % 10]
    principal = (i * 7919 % 90_000 + 1_000) * 100 + i % 100
    interest, fees = principal // 97, i % 5 * 1_000
    if i % 41 == 0:
        principal, interest, fees = 0, 0, 0
    customer = i - i % 4 if i % 4 == 3 else i
    return {
        "account_no": f"L{i:06}", "customer_ref": f"C{customer:06}", "product": ("CONSUMER", "CARD", "AUTO")[i % 3],
        "opened_on": "2024-03-01", "formed_on": "2024-03-01", "principal": cents(principal), "interest": cents(interest),
        "penalty": "0", "fees": cents(fees), "costs": "0", "balance": cents(principal + interest + fees),
        "oldest_unpaid_due": (as_of - timedelta(days=late)).isoformat() if late else "",
        "annual_ppm": "240000", "penalty_ppm": "1500000", "day_count": "ACT360", "compound": "no",
        "name": f"王{chr(0x4E00 + customer % 400)}", "phone": f"154{customer:08}", "phone_source": "CONTRACT",
        "phone_reserved": "yes", "place": "上海", "zone": "" if customer % 29 == 7 else "Asia/Shanghai", "language": "zh",
        **{f"missed_{back}": i % 7 % (back + 1) for back in range(1, 7)},
        **{f"billed_{back}": cents(principal // back) for back in range(1, 7)},
        **{f"paid_{back}": cents(principal // (9 + i % 20)) for back in range(1, 7)},
    }  # fmt: skip


def owner_of(case: Case) -> User:
    """Whoever works the case."""
    assert case.owner is not None
    return case.owner


def minute(day: date, clock: str, zone: str = "Asia/Shanghai") -> int:
    """The utc_minute of a local time such as 10:00."""
    hour, past = clock.split(":")
    return utc_of_local((day - date(1970, 1, 1)).days * MINUTES + int(hour) * 60 + int(past), zone)


def cents(minor: int) -> str:
    """1234 → 12.34."""
    sign, minor = ("-" if minor < 0 else ""), abs(minor)
    return f"{sign}{minor // 100}.{minor % 100:02}"


def write(path: Path, lines: Iterable[Mapping[str, Any]]) -> Path:
    """Write a CSV with the columns of the first row."""
    made = list(lines)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(made[0]))
        writer.writeheader()
        writer.writerows(made)
    return path


def load(lender: Organisation, path: Path, kind: str = "book", as_of: date | None = AS_OF) -> imports.Loaded:
    """Load a file whose columns are ours."""
    return imports.import_file(lender, path, f"canonical-{kind}", kind=kind, as_of=as_of, actor="test")


Columns = tuple[str, ...]
_KEPT: dict[str, tuple[type[Model], Columns]] = {
    "person": (Person, ("lender__code", "ref", "name_masked", "name_index", "id_type", "id_masked", "id_index", "place",
                        "zone", "language", "agreed_from", "agreed_to", "invented", "batch__identity")),
    "link": (Link, ("customer__ref", "person__ref", "party", "refused_on")),
    "point": (Point, ("person__ref", "channel", "value_masked", "value_index", "source", "reserved", "status", "status_on")),
    "batch": (Batch, ("identity", "kind", "file_name", "mapping", "as_of", "state", "rows_read", "rows_loaded",
                      "rows_rejected", "control")),
    "account": (Account, ("lender__code", "customer__ref", "account_no", "product", "currency", "exponent", "opened_on",
                          "formed_on", "credit_limit", "annual_ppm", "penalty_ppm", "day_count", "compound",
                          "allocation_order", "components_known", "oldest_unpaid_due", "lender_balance", "lender_as_of",
                          "plan_status", "accrued_to", "carry_interest", "carry_penalty", "batch__identity")),
    "instalment": (Instalment, ("account__account_no", "due_on", "amount")),
    "month": (AccountMonth, ("account__account_no", "month", "missed", "billed", "paid")),
    "posting": (Posting, ("account__account_no", "value_date", "component", "amount", "kind", "ref",
                          "reverses__value_date", "batch__identity", "run__as_of")),
    "check": (LenderCheck, ("account__account_no", "on", "ours", "lenders", "batch__identity")),
    "case": (Case, ("customer__ref", "lender__code", "opened_on", "closed_on", "close_reason", "status",
                    "owner__username", "team__name", "stage", "dpd", "oldest_due", "balance", "overdue_accounts",
                    "behaviour", "action", "aim", "reason", "channel", "tone", "script", "treatment", "not_before",
                    "review_on", "callback_at", "value", "as_of", "decision__at", "decision__kind")),
    "stage": (StageChange, ("case__customer__ref", "on", "stage_from", "stage_to", "dpd")),
    "decision": (Decision, ("case__customer__ref", "kind", "at", "as_of", "facts", "pack", "pack_revision",
                            "strategy_revision", "allowed", "verdict", "next_lawful", "action", "aim", "reason",
                            "not_before", "treatment", "value", "actor__username", "run__as_of")),
    "attempt": (Attempt, ("customer__ref", "channel", "at", "state", "outcome", "operator__username")),
    "promise": (Promise, ("case__customer__ref", "made_on", "amount", "due_on", "status")),
    "stop": (Stop, ("case__customer__ref", "kind", "since", "until")),
    "work": (WorkItem, ("as_of", "owner__username", "position", "case__customer__ref", "decision__at", "value", "done_at")),
    "night": (NightRun, ("as_of", "pack_revision", "strategy_revision", "state", "summary")),
    "audit": (AuditRow, ("actor", "verb", "subject", "reason")),
}  # fmt: skip


def kept(*tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables (all, if none is named), sorted, without row numbers and wall times."""
    found = {}
    for table in tables or _KEPT:
        model, columns = _KEPT[table]
        found[table] = sorted(model._default_manager.values_list(*columns), key=repr)
    return found


def stages_left() -> list[str]:
    """Staging tables that are still there."""
    from django.db import connection

    return [
        name for name in connection.introspection.table_names() if name.startswith("stage_") and name != "stage_change"
    ]
