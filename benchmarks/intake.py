"""How long a large file takes from its path to the book, and how much memory: read, checked, sealed, staged, published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bench
import synthetic


def main() -> None:
    """Generate a CSV, load it, print the figures."""
    said = bench.arguments(__doc__ or "", rows=1_000_000)
    phases = bench.Phases()
    with bench.own_database() as home:
        path = home / "book.csv"
        with phases("generate the file (not counted)"):
            synthetic.write(path, said.rows)
        before = bench.peak_mb()
        loaded = load(path, phases)
        seconds = phases.seconds["read and stage"] + phases.seconds["publish"]
        result: dict[str, Any] = {
            "rows": loaded.batch.rows_loaded, "file_mb": round(path.stat().st_size / 2**20),
            "database": _database(), "seconds": round(seconds, 1), "rows_per_second": round(said.rows / seconds),
            "peak_mb": bench.peak_mb(), "peak_before_mb": before, "phases_seconds": phases.rounded(),
            "machine": bench.machine(),
        }  # fmt: skip
    bench.show(result, as_json=said.json)


def load(path: Path, phases: bench.Phases) -> Any:
    """Import through the ordinary door; staging and publication are timed apart by what the import reports."""
    from contextlib import ExitStack

    from fairdue.jobs import imports

    running = ExitStack()
    running.enter_context(phases("read and stage"))

    def report(what: str, done: int, total: int | None) -> None:
        if what == "publish" and done == 0:
            running.close()
            running.enter_context(phases("publish"))

    with running:
        bank = synthetic.lender()
        return imports.import_file(
            bank, path, "canonical-book", kind="book", as_of=synthetic.AS_OF, actor="bench", progress=report
        )


def _database() -> str:
    from django.db import connection

    return connection.vendor


if __name__ == "__main__":
    main()
