"""What leaving likely self-cures alone brings: cure rates of both arms with their intervals, their difference, the curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fairdue.core import quality as kernel
from fairdue.core.codes import Direction
from fairdue.core.dates import MINUTES, utc_of_local
from fairdue.core.errors import Lang
from fairdue.rules.quality import SelfCurePolicy, load_self_cure
from fairdue.store import clock
from fairdue.store.models import Attempt, Organisation, SelfCureTrial

ARMS: dict[int, dict[Lang, str]] = {
    SelfCureTrial.LEFT_ALONE: {"zh": "有意不打扰", "en": "Left alone"},
    SelfCureTrial.CONTACTED: {"zh": "对照：照常联系", "en": "Held out: contacted as usual"},
}


SAYS: dict[str, dict[Lang, str]] = {
    "nothing": {
        "zh": "尚无可比较的数据：两组都须有观察满期的案件。",
        "en": "Nothing to compare yet: both arms need cases followed to the end.",
    },
    "same": {
        "zh": "两组差异的区间含零：现有数据未显示联系与否有别。",
        "en": "The interval of the difference holds zero: these figures show no effect of contacting.",
    },
    "alone": {"zh": "不打扰组治愈率更高。", "en": "Those left alone cure more often."},
    "contacted": {
        "zh": "照常联系组治愈率更高：宜重新考虑不打扰的做法。",
        "en": "Those contacted cure more often: think again about leaving them alone.",
    },
}


@dataclass(frozen=True)
class Arm:
    """One arm: cases followed for the whole window, cured among them, and contacts made within it."""

    arm: int
    running: int
    cured: kernel.Rate
    contacts: int
    by_day: tuple[int, ...]  # cured up to each day of the window

    @property
    def title(self) -> dict[Lang, str]:
        """Its name."""
        return ARMS[self.arm]


@dataclass(frozen=True)
class Measured:
    """Both arms, and what may be concluded."""

    policy: SelfCurePolicy
    arms: tuple[Arm, ...]
    difference: tuple[int, int, int] | None

    @property
    def says(self) -> dict[Lang, str]:
        """What the figures allow to say, and no more."""
        if self.difference is None:
            return SAYS["nothing"]
        _, low, high = self.difference
        return SAYS["same" if low <= 0 <= high else "alone" if low > 0 else "contacted"]

    def as_dict(self) -> dict[str, Any]:
        """For a program: shares in parts per million."""
        arms = [
            {"arm": ("LEFT_ALONE", "CONTACTED")[a.arm], "followed": a.cured.whole, "cured": a.cured.part, "rate_ppm": a.cured.ppm,
             "low_ppm": a.cured.low_ppm, "high_ppm": a.cured.high_ppm, "running": a.running, "contacts": a.contacts}
            for a in self.arms
        ]  # fmt: skip
        return {"window_days": self.policy.window_days, "held_out_ppm": self.policy.held_out_ppm, "arms": arms,
                "difference_ppm": self.difference, "says": self.says}  # fmt: skip


def measure(lender: Organisation, today: date | None = None) -> Measured:
    """Compare both arms over the cases whose window is over; those still running are counted apart."""
    today = today or clock.business_date(clock.now_minute(), lender.zone)
    policy = load_self_cure()
    rows = list(SelfCureTrial.objects.filter(case__lender=lender).select_related("case"))
    arms = tuple(_arm(code, [row for row in rows if row.arm == code], lender, policy, today) for code in ARMS)
    return Measured(policy, arms, kernel.difference(arms[0].cured, arms[1].cured))


def _arm(code: int, rows: Sequence[SelfCureTrial], lender: Organisation, policy: SelfCurePolicy, today: date) -> Arm:
    window = timedelta(days=policy.window_days)
    over = [row for row in rows if row.began_on + window <= today]
    days = [(row.cured_on - row.began_on).days for row in over if row.cured_on]
    cured = [day for day in days if day <= policy.window_days]
    by_day = tuple(sum(day <= n for day in cured) for n in range(policy.window_days + 1))
    return Arm(code, len(rows) - len(over), kernel.rate(len(cured), len(over)), _contacts(over, lender, policy), by_day)


def _contacts(rows: Sequence[SelfCureTrial], lender: Organisation, policy: SelfCurePolicy) -> int:
    """Contacts of ours within the window: whether the arms were treated as they were meant to be."""
    made = Attempt.objects.filter(
        case__self_cure__in=[row.pk for row in rows], direction=int(Direction.OUT), state=Attempt.CONFIRMED
    )
    begins = {row.case_id: _minute(row.began_on, lender.zone) for row in rows}
    length = policy.window_days * MINUTES
    return sum(begins[case] <= at < begins[case] + length for case, at in made.values_list("case_id", "at"))


def _minute(day: date, zone: str) -> int:
    return utc_of_local((day - date(1970, 1, 1)).days * MINUTES, zone)
