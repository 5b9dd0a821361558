"""An audit of a contact log of any size: seconds and memory; and, on a small one, the same by plain pandas, with equal results.

`--rows 30000000` is the size it is made for. The comparison needs pandas, which nothing else here does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bench
import contact_log

ZONE = "Asia/Shanghai"
ASSUME = ("collection-calls", "product=CONSUMER", "plan_status=NONE")
RULES = ("CN-FREQ-01", "CN-FREQ-02", "CN-FREQ-03", "CN-STAFF-01", "CN-TIME-01", "CN-TIME-02")
WORKERS = 2


def main() -> None:
    said = bench.arguments(__doc__, rows=1_000_000, compare=1_000_000)
    result: dict[str, Any] = {"rows": said.rows}
    with bench.home() as home:
        path = home / "log.csv"
        contact_log.write(path, said.rows)
        result |= {"file_mb": round(path.stat().st_size / 2**20), "audit": audited(path, home / "out")}
        if said.compare:
            small = home / "small.csv"
            contact_log.write(small, said.compare)
            result["compared on rows"] = said.compare
            result["compared"] = compared(small, home / "small")
    bench.show(result | {"machine": bench.machine()}, as_json=said.json)


def audited(path: Path, out: Path) -> dict[str, Any]:
    """The audit as the command does it, both reports included."""
    from fairdue.logaudit import deliver
    from fairdue.logaudit.order import Order, assumptions

    order = Order((path,), "dialler-cn", "cn", out, zone=ZONE, assume=assumptions(ASSUME), workers=WORKERS)
    steps: dict[str, float] = {}
    begun = time.perf_counter()

    def report(what: str, done: int, total: int | None) -> None:
        del done, total
        steps.setdefault(what, round(time.perf_counter() - begun, 1))

    with peak() as most:
        made = deliver.audit(order, report)
    seconds = time.perf_counter() - begun
    return {
        "seconds": round(seconds, 1), "rows_per_second": round(made["rows"]["read"] / seconds), "peak_mb": most[0],
        "began at seconds": steps, "breaches": made["breaches"], "contacts in breach": made["contacts_in_breach"],
        "by rule": {rule["rule"]: rule["breaches"] for rule in made["rules"]},
    }  # fmt: skip


@contextmanager
def peak() -> Iterator[list[int]]:
    """The most memory that this process and its children had together, in MB, looked at ten times a second."""
    most, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            most[0] = max(most[0], _together())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def _together() -> int:
    """Proportional resident memory of this process and all below it: pages that are shared count once."""
    import os

    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    mine = {os.getpid()}
    for _ in range(4):  # workers, and what they start
        mine |= {child for child, parent in parents.items() if parent in mine}
    return sum(_pss(pid) for pid in mine) // 1024


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def compared(path: Path, out: Path) -> dict[str, Any]:
    """The same log by this audit and by pandas, side by side; the breaches must be the same rows of the same rules."""
    import polars as pl

    ours = audited(path, out)
    found = pl.read_parquet(out / "breaches.parquet").filter(pl.col("rule").is_in(RULES))
    mine = {(rule, row) for rule, row in found.select("rule", "row").iter_rows()}
    theirs = bench.apart(by_pandas, path)
    same = mine == {(rule, row) for rule, row in theirs.pop("found")}
    if not same:
        raise AssertionError("The two audits differ.")
    pick = ("seconds", "peak_mb")
    return {"equal results": same, "breaches": len(mine), "fairdue": {k: ours[k] for k in pick}, "pandas": theirs}


def by_pandas(path: Path) -> dict[str, Any]:
    """The straightforward way: six rules of the same pack written out over one frame, no report."""
    import pandas as pd

    begun = time.perf_counter()
    log = pd.read_csv(path, dtype=str)
    log["row"] = range(2, len(log) + 2)
    log["at"] = pd.to_datetime(log["开始时间"])
    log = log.sort_values(["at", "row"], kind="stable")
    day, minute = log["at"].dt.floor("D"), log["at"].dt.hour * 60 + log["at"].dt.minute
    quiet = (minute >= 22 * 60) | (minute < 8 * 60)
    association = day >= pd.Timestamp("2026-01-30")
    robot, answered = log["外呼方式"] == "机器人", log["通话状态"] == "接通"
    talked = (log["有效通话"] == "是") & answered
    per_person, per_number = [log["客户编号"], day], [log["被叫号码"], day]

    def before(counted: Any, keys: list[Any]) -> Any:
        """How many of `counted` came earlier the same day."""
        return counted.astype(int).groupby(keys).cumsum() - counted.astype(int)

    broken = {
        "CN-TIME-01": quiet,
        "CN-TIME-02": quiet & association,
        "CN-STAFF-01": log["持证"] == "否",
        "CN-FREQ-01": robot & (before(robot & answered, per_person) >= 3),
        "CN-FREQ-02": ~robot & (before(~robot & talked, per_person) >= 3),
        "CN-FREQ-03": association & (before(~answered, per_number) >= 6),
    }
    found = [(rule, int(row)) for rule, where in broken.items() for row in log.loc[where, "row"]]
    return {"seconds": round(time.perf_counter() - begun, 1), "peak_mb": bench.peak_mb(), "found": found}


if __name__ == "__main__":
    main()
