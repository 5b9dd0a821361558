"""The closed vocabulary: every kind of rule by the name a rule file calls it."""

from __future__ import annotations

from collections.abc import Mapping

from fairdue.core.guard_kinds import Above, AtLeast, AtMost, Forbid, Kind, OnlyIf, QuietHours
from fairdue.core.guard_past import FrequencyCap, LostContact, RestAfter
from fairdue.core.guard_periods import After, Moratorium, Within

KINDS: Mapping[str, type[Kind]] = {
    "forbid": Forbid,
    "only_if": OnlyIf,
    "above": Above,
    "at_least": AtLeast,
    "at_most": AtMost,
    "quiet_hours": QuietHours,
    "frequency_cap": FrequencyCap,
    "rest_after": RestAfter,
    "lost_contact": LostContact,
    "within": Within,
    "after": After,
    "moratorium": Moratorium,
}
