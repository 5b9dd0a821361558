"""An audit from file to findings: read and divide, then judge bucket by bucket, in bounded memory.

Killed at any moment it goes on behind what it has finished.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl

from fairdue import intake
from fairdue.intake.canonical import ROW as SOURCE_ROW
from fairdue.intake.mapping import chosen_sources
from fairdue.logaudit import faults as fault
from fairdue.logaudit import inorder, judging
from fairdue.logaudit.contacts import IDS, ROW, compact
from fairdue.logaudit.judging import ADVICE, BREACH, OPEN, SHOWN, Judged, judge_bucket
from fairdue.logaudit.order import Order
from fairdue.logaudit.rejects import keep, rejected, write_rejects
from fairdue.logaudit.spill import HOME, HOME_BUCKET, Spill, buckets_for
from fairdue.logaudit.totals import summed, totals
from fairdue.rules.diff import named
from fairdue.rules.load import Pack

CHUNK = 100_000
PART_ROWS = 1_000_000
Report = Callable[[str, int, int | None], None]
Stop = Callable[[], bool]
FORMAT = 1  # of what lies in the work folder


@dataclass(frozen=True)
class Work:
    """What an audit keeps on its way, under `out/.work`: deleted when the report is written."""

    order: Order
    pack: Pack
    mapping: intake.Mapping
    sources: tuple[intake.Source, ...]
    folder: Path
    given: frozenset[str]
    passes: Mapping[str, frozenset[str]]

    @property
    def rows_about(self) -> int:
        """How many rows there are, about."""
        return sum(source.rows_about for source in self.sources)

    @property
    def spill(self) -> Spill:
        """The contacts on disk."""
        return Spill(self.folder / "contacts", tuple(self.passes), buckets_for(self.rows_about))

    def identity(self) -> str:
        """What the result follows from: another file, mapping, pack or assumption begins anew."""
        order = self.order
        said = [
            FORMAT, version("polars"), [source.sha256 for source in self.sources], self.mapping.revision, self.pack.revision,
            order.pack_name, order.zone, order.log_clock, sorted(order.assume.items()), order.lang, sorted(self.given),
            sorted(self.passes),
        ]  # fmt: skip
        return sha256(json.dumps(said).encode()).hexdigest()


@dataclass
class Read:
    """How far reading has come."""

    parts: int = 0
    rows: list[int] = field(default_factory=list)  # per file: the last row that is in a part
    read: int = 0
    rejected: int = 0
    masked: int = 0
    done: bool = False


@dataclass(frozen=True)
class Found:
    """Everything the report is written from."""

    order: Order
    pack: Pack
    mapping: intake.Mapping
    sources: tuple[intake.Source, ...]
    read: Read
    totals: pl.DataFrame
    opens: pl.DataFrame
    advice: pl.DataFrame
    twice: pl.DataFrame
    breaches: tuple[Path, ...]
    work: Path


def open_work(order: Order) -> Work:
    """Open the files and the rules; keep what an interrupted audit of the same left. Raises a `Fault`."""
    mapping = intake.load_mapping(order.mapping)
    if mapping.kind != "contacts":
        known = ", ".join(name for name in intake.shipped() if intake.load_mapping(name).kind == "contacts")
        raise fault.NotALog(mapping=mapping.name, kind=mapping.kind, known=known)
    pack = named(order.pack_name)
    sources = tuple(intake.open_source(path, mapping) for path in order.files)
    given = _given(order, mapping, sources)
    work = Work(order, pack, mapping, sources, order.out / ".work", given, _passes(pack, given))
    order.out.mkdir(parents=True, exist_ok=True)
    mark = work.folder / "identity"
    if not mark.is_file() or mark.read_text("utf-8") != work.identity():
        shutil.rmtree(work.folder, ignore_errors=True)
        work.folder.mkdir(mode=0o700)
        mark.write_text(work.identity(), "utf-8")
    return work


def _passes(pack: Pack, given: frozenset[str]) -> dict[str, frozenset[str]]:
    """How the contacts are divided, and the keys by which the rules of each pass count; the debtor's pass is last.

    A key that the log does not have follows from the debtor: it needs no pass of its own.
    """
    used = {inorder.counts_by(test) for rule in pack.rules for _, test in rule.dated if test is not None}
    apart = sorted(used & given - {HOME})
    return {key: frozenset({key}) for key in apart} | {HOME: frozenset(IDS) - set(apart)}


def _given(order: Order, mapping: intake.Mapping, sources: tuple[intake.Source, ...]) -> frozenset[str]:
    """What the log, the mapping or an assumption says at all."""
    said = {
        target.column.name
        for target in mapping.targets
        if target.default is not None or any(chosen_sources(target, source.columns) for source in sources)
    }
    return frozenset(said | order.assume.keys())


def run(order: Order, report: Report, stop: Stop = lambda: False) -> Found:
    """Read, divide and judge. Raises a `Fault` for what is wrong with the whole, and `Stopped`."""
    work = open_work(order)
    state = _read_all(work, report, stop)
    if state.read == state.rejected:
        write_rejects(order, work.sources, work.folder)
        raise fault.NothingToJudge(rows=state.read, rejects="rejects.csv")
    results = work.folder / "judged"
    results.mkdir(exist_ok=True)
    jobs = [(key, bucket) for key in work.passes for bucket in range(work.spill.buckets)]
    done = 0
    for key in work.passes:  # the debtor's pass is last: it gathers what the others found
        for _ in _judge_pass(work, state.parts, key, stop):
            done += 1
            report("judge", done, len(jobs))
    return _gathered(work, state, results)


def _read_all(work: Work, report: Report, stop: Stop) -> Read:
    """Every chunk parsed, made compact and divided; goes on behind the last part that was finished."""
    path = work.folder / "read.json"
    state = Read(**json.loads(path.read_text("utf-8"))) if path.is_file() else Read(rows=[0] * len(work.sources))
    report("read", state.read, work.rows_about)
    if state.done:
        return state
    waiting: list[pl.DataFrame] = []
    bad: list[pl.DataFrame] = []
    for number, source in enumerate(work.sources):
        context = intake.Context(file=source.path.name, clock=work.order.log_clock)
        behind = state.rows[number]
        for frame in source.chunks(CHUNK):
            if stop():
                raise fault.Stopped
            last = int(frame[SOURCE_ROW][-1])
            if last <= behind:
                continue
            parsed = intake.parse_chunk(work.mapping, frame, context)
            made = compact(parsed.good, number, work.order, work.given)
            waiting.append(made)
            bad.append(rejected(parsed, frame, source, work.order, number))
            state.read += parsed.read
            state.rejected += parsed.rejected
            state.masked += made["point"].null_count() - parsed.good["point"].null_count()
            state.rows[number] = last
            if sum(map(len, waiting)) >= PART_ROWS:
                _part(work, state, waiting, bad)
            report("read", state.read, work.rows_about)
    state.done = True
    _part(work, state, waiting, bad)
    return state


def _part(work: Work, state: Read, waiting: list[pl.DataFrame], bad: list[pl.DataFrame]) -> None:
    """Write what waits as one part, and only then that it is written."""
    if waiting:
        work.spill.write(state.parts, pl.concat(waiting))
        keep(work.folder, state.parts, bad)
        state.parts += 1
    waiting.clear()
    bad.clear()
    growing = work.folder / "read.growing"
    growing.write_text(json.dumps(vars(state)), "utf-8")
    growing.rename(work.folder / "read.json")


@dataclass(frozen=True)
class _Job:
    """One bucket for a worker."""

    pack: str
    spill: Spill
    results: Path
    key: str
    keys: frozenset[str]
    bucket: int
    parts: int


def _judge_pass(work: Work, parts: int, key: str, stop: Stop) -> Iterator[None]:
    order, results = work.order, work.folder / "judged"
    one = _Job(order.pack_name, work.spill, results, key, work.passes[key], 0, parts)
    jobs = [replace(one, bucket=bucket) for bucket in range(work.spill.buckets)]
    waiting = [job for job in jobs if not _result(job, "totals").is_file()]
    yield from (None for _ in range(len(jobs) - len(waiting)))
    if len(waiting) == 1 or order.workers == 1:
        for job in waiting:
            if stop():
                raise fault.Stopped
            judge_job(job)
            yield
        return
    with ProcessPoolExecutor(order.workers, mp_context=get_context("spawn"), initializer=_quiet) as pool:
        futures = [pool.submit(judge_job, job) for job in waiting]
        for future in as_completed(futures):
            future.result()
            yield
            if stop():
                pool.shutdown(cancel_futures=True)
                raise fault.Stopped


def _quiet() -> None:
    """A worker gives way to whoever works at the desk on the same machine."""
    os.nice(5)


def _result(job: _Job, kind: str) -> Path:
    return job.results / f"{job.key}-{job.bucket:03}.{kind}.parquet"


def judge_job(job: _Job) -> None:
    """Judge one bucket and write its results; the totals last, as they say that the bucket is finished."""
    frame = job.spill.read(job.key, job.bucket, job.parts)
    pack = named(job.pack)
    judged = judge_bucket(pack, job.keys, frame)
    del frame
    breaches = pl.concat([pl.DataFrame(schema=BREACH), *judged.breaches])
    _write(job, "opens", pl.concat([pl.DataFrame(schema=OPEN), *judged.opens]))
    _write(job, "advice", pl.concat([pl.DataFrame(schema=ADVICE), *judged.advice]))
    open_rows = judged.frame.filter(pl.Series(judged.is_open)).select(ROW, HOME_BUCKET)
    if job.key != HOME:
        _write(job, "breaches", breaches.sort(HOME_BUCKET))
        _write(job, "open_rows", open_rows.sort(HOME_BUCKET))
        _write(job, "totals", pl.DataFrame())
        return
    breaches = pl.concat([breaches, _of_other_passes(job, "breaches", breaches.schema)])
    also_open = _of_other_passes(job, "open_rows", open_rows.schema)[ROW]
    judged.is_open |= judged.frame[ROW].is_in(also_open.implode()).to_numpy()
    shown = judged.frame.select(SHOWN)
    _write(job, "breaches", breaches.join(shown, on=ROW, how="left").sort(ROW, "rule").drop(HOME_BUCKET))
    _write(job, "twice", judged.twice)
    _write(job, "totals", totals(judged, breaches, list(pack.by_id)))


def _of_other_passes(job: _Job, kind: str, schema: Any) -> pl.DataFrame:
    """What other passes found about contacts whose home is this bucket."""
    paths = [path for path in job.results.glob(f"*.{kind}.parquet") if not path.name.startswith(f"{HOME}-")]
    if not paths:
        return pl.DataFrame(schema=schema)
    return pl.scan_parquet(paths).filter(pl.col(HOME_BUCKET) == job.bucket).collect()


def _write(job: _Job, kind: str, frame: pl.DataFrame) -> None:
    path = _result(job, kind)
    growing = path.with_suffix(".growing")
    frame.write_parquet(growing)
    growing.rename(path)


def _gathered(work: Work, state: Read, results: Path) -> Found:
    def every(kind: str, key: str = "*") -> list[pl.DataFrame]:
        return [pl.read_parquet(path) for path in sorted(results.glob(f"{key}-*.{kind}.parquet"))]

    opens = pl.concat(every("opens")).group_by("rule", "facts", "of_the_past").agg(
        pl.col("contacts").sum(), pl.col("rows").explode().bottom_k(judging.EXAMPLES).sort()
    ).sort("rule", "contacts", "facts", "of_the_past", descending=[False, True, False, False])  # fmt: skip
    advice = pl.concat(every("advice")).group_by("rule").agg(pl.col("contacts").sum()).sort("rule")
    return Found(
        work.order, work.pack, work.mapping, work.sources, state, summed(every("totals", HOME)), opens, advice,
        pl.concat(every("twice", HOME)).sort(ROW), tuple(sorted(results.glob(f"{HOME}-*.breaches.parquet"))), work.folder,
    )  # fmt: skip


__all__ = ["Found", "Judged", "Order", "Read", "Report", "Work", "open_work", "run"]
