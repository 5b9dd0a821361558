"""Run as a program: books the long statement of the tests in small batches, with death at a named moment."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(moment: str) -> None:
    """Book it; die right after the moment's second passing."""
    import dying
    from fairdue.store import audit
    from fairdue.store.actions import payment_batches, statements

    sys.path.append(str(Path(__file__).parent / "payments"))
    test_batches = importlib.import_module("test_batches")

    statements.MANY, statements.BATCH = 1, 17
    moments = {
        "kept": (payment_batches, "_keep"), "booked": (payment_batches, "_book"), "known": (payment_batches, "_known"),
        "waited": (payment_batches, "_wait"), "audited": (audit, "write_many"), "judged": (payment_batches, "_judge_promises"),
        "received": (payment_batches, "receive"),
    }  # fmt: skip
    if moment:
        setattr(*moments[moment], dying.after(getattr(*moments[moment]), 2))
    statements.book("bank", test_batches.lender(), test_batches.told(), "0" * 64)


if __name__ == "__main__":
    import django

    django.setup()
    main(sys.argv[1])
