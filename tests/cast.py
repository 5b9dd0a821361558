"""The standing cast: one user per role, a collector of another team, a stranger at another lender, and a worked book."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from django.contrib.auth.hashers import make_password

import books
from fairdue.core.codes import Role
from fairdue.core.dates import MINUTES, utc_of_local
from fairdue.jobs import night
from fairdue.store import clock
from fairdue.store.models import Case, Organisation, User

PASSWORD = "a password for tests"
ZONE = "Asia/Shanghai"
# The people of the tests, by what they are to each other.
COLLECTOR, COLLEAGUE, OTHER_TEAM, LEAD, OTHER_LEAD = "collector1", "collector2", "collector3", "lead1", "lead2"
OFFICER, FINANCE, STRATEGIST, OPERATOR, AGENCY, STRANGER = (
    "compliance", "finance", "strategist", "operator", "agency", "stranger",
)  # fmt: skip
EVERYBODY = (
    COLLECTOR,
    COLLEAGUE,
    OTHER_TEAM,
    LEAD,
    OTHER_LEAD,
    OFFICER,
    FINANCE,
    STRATEGIST,
    OPERATOR,
    AGENCY,
    STRANGER,
)


def engage() -> None:
    """Fill an empty database: the cast, a small book, its night, ten in the morning of the day."""
    lender = books.bank(owns_ledger=False)
    books.hire(FINANCE, Role.FINANCE, lender)
    books.hire(STRATEGIST, Role.STRATEGIST, lender)
    books.hire(OPERATOR, Role.OPERATOR, lender)
    agency = Organisation.objects.create(code="agency", name_zh="委外机构", name_en="Agency", is_lender=False)
    books.hire(AGENCY, Role.AGENCY, agency)
    other = Organisation.objects.create(code="other", name_zh="乙银行", name_en="Bank B")
    books.hire(STRANGER, Role.COLLECTOR, other)
    User.objects.update(password=make_password(PASSWORD, hasher="scrypt"))
    with tempfile.TemporaryDirectory() as folder:
        books.load(lender, books.write(Path(folder) / "book.csv", books.rows(60)))
    night.run_night(lender, books.AS_OF, actor="test")
    clock.set_demo(at(10))


def at(hour: int, day: date = books.AS_OF) -> int:
    """A full hour of a day on the lender's clock, utc_minute."""
    return utc_of_local((day - date(1970, 1, 1)).days * MINUTES + hour * 60, ZONE)


def user(username: str) -> User:
    """One of the cast."""
    return User.objects.get(username=username)


def case_of(username: str, place: int = 0) -> Case:
    """The case at a place of somebody's list, counted from zero; it may be contacted in the morning."""
    return Case.objects.filter(owner__username=username, action=0, work__position__gt=0).order_by("work__position")[
        place
    ]
