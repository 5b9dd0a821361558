"""Whether a guarantee can still be relied on, from what is established about it; None where that cannot be told.

The period neither stops nor begins again (Civil Code art. 692). A joint guarantor answers if a demand reached him within it
(art. 693); for a general one the borrower must have been sued within it, which this record alone does not show.
"""

from __future__ import annotations

from datetime import date

from fairdue.core.codes import GuaranteeKind
from fairdue.store.models import Link


def lapsed(link: Link | None, today: date) -> bool | None:
    """Whether the guarantee has lapsed by a day."""
    if link is None or link.guarantee_lapsed is not None or link.guarantee_until is None:
        return None if link is None else link.guarantee_lapsed
    if today <= link.guarantee_until:
        return False
    if link.guarantee_kind != GuaranteeKind.JOINT:
        return None
    return link.demanded_on is None or link.demanded_on > link.guarantee_until
