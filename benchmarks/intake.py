"""How long a large file takes from its path to the book, and how much memory: read, checked, sealed, staged, published."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import bench
import synthetic


def main() -> None:
    said = bench.arguments(__doc__, rows=1_000_000)
    with bench.home() as home:
        path = home / "book.csv"
        bench.apart(synthetic.write, path, said.rows)
        found = bench.apart(load, path)
        file_mb = round(path.stat().st_size / 2**20)
    seconds = found["seconds"]
    result = {
        "rows": said.rows, "file_mb": file_mb, "seconds": seconds, "rows_per_second": round(said.rows / seconds),
        **found, "machine": bench.machine(),
    }  # fmt: skip
    bench.show(result, as_json=said.json)


def load(path: Path) -> dict[str, Any]:
    """Import through the ordinary door; staging and publication are told apart by what the import reports."""
    from django.db import connection

    from fairdue.jobs import imports

    phases, running, lender = bench.Phases(), ExitStack(), synthetic.lender()

    def report(what: str, done: int, total: int | None) -> None:  # noqa: ARG001 - the protocol names it
        if what == "publish" and done == 0:
            running.close()
            running.enter_context(phases("publish"))

    with running:
        running.enter_context(phases("read, check, seal, stage"))
        loaded = imports.import_file(
            lender, path, "canonical-book", kind="book", as_of=synthetic.AS_OF, actor="bench", progress=report
        )
    return {
        "database": connection.vendor, "loaded": loaded.batch.rows_loaded, "rejected": loaded.batch.rows_rejected,
        "seconds": round(sum(phases.seconds.values()), 1), "peak_mb": bench.peak_mb(), "phases_seconds": phases.rounded(),
    }  # fmt: skip


if __name__ == "__main__":
    main()
