"""Run as a program: a payment that keeps a settlement, with death at a named moment."""

from __future__ import annotations

import sys


def main(account_id: int, amount: int, moment: str) -> None:
    """Pay on an account; die right after the moment."""
    import dying
    from books import AS_OF
    from fairdue.store.actions import payments, settled, settlement_judge
    from fairdue.store.models import Account

    moments = {"judged": (settlement_judge, "_found"), "let_off": (settlement_judge, "_let_off"),
               "issued": (settled, "_issue"), "closed": (settled, "_close")}  # fmt: skip
    if moment:
        setattr(*moments[moment], dying.after(getattr(*moments[moment]), 1 if moment != "judged" else 2))
    account = Account.objects.select_related("lender").get(pk=account_id)
    told = payments.Incoming("AGENCY", amount, "CNY", AS_OF, "S1", to=((account.account_no, amount),))
    payments.receive("bank", account.lender, told)


if __name__ == "__main__":
    import django

    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
