"""A night over a book of ours of any size, phase by phase, and the same work loan by loan through the ORM on a sample."""

from __future__ import annotations

from typing import Any

import bench
import loan_by_loan
import synthetic


def main() -> None:
    said = bench.arguments(__doc__, accounts=1_000_000, sample=2_000)
    with bench.home() as home:
        path = home / "book.csv"
        bench.apart(synthetic.write, path, said.accounts)
        bench.apart(load, path)
        found = bench.apart(work)
        rows = bench.apart(loan_by_loan.run, said.sample)
    columns_us, rows_us = found["seconds"] / said.accounts * 1e6, rows["seconds"] / said.sample * 1e6
    result = {
        "accounts": said.accounts, **found, "columns_microseconds_per_account": round(columns_us, 1),
        "loan_by_loan_accounts": said.sample, "loan_by_loan_microseconds_per_account": round(rows_us, 1),
        "times_faster": round(rows_us / columns_us, 1), "machine": bench.machine(),
    }  # fmt: skip
    bench.show(result, as_json=said.json)


def load(path: Any) -> None:
    from fairdue.jobs import imports

    imports.import_file(synthetic.lender(), path, "canonical-book", kind="book", as_of=synthetic.AS_OF, actor="bench")


def work() -> dict[str, Any]:
    """The night after the book's date: a day to accrue, every case to open, decide, assign and list."""
    from django.db import connection

    from fairdue.jobs import night
    from fairdue.store import lenders

    phases = bench.Phases()
    job: Any = night
    job.gather = phases.timed("gather the facts", job.gather)
    job.CHAIN = tuple(phases.timed(step.__name__.replace("_", " "), step) for step in job.CHAIN)
    job.assign, job.lists = phases.timed("assign", job.assign), phases.timed("list", job.lists)
    job.action.publish = phases.timed("publish", job.action.publish)
    whole = bench.Phases()
    with whole("night"):
        done = night.run_night(lenders.find(None), synthetic.NEXT, actor="bench")
    rest = whole.seconds["night"] - sum(phases.seconds.values())
    return {
        "database": connection.vendor, "cases": done.summary["cases"], "seconds": round(whole.seconds["night"], 1),
        "peak_mb": bench.peak_mb(), "phases_seconds": {**phases.rounded(), "stage and the rest": round(rest, 2)},
    }  # fmt: skip


if __name__ == "__main__":
    main()
