"""Loads a file: read in chunks, parse, stage; publish when the whole file is staged.

A kill at any moment leaves the book as it was; the same file again goes on to the same end. Memory is bounded by the chunk.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings

from fairdue import intake
from fairdue.core import money
from fairdue.core.errors import Fault, Lang
from fairdue.jobs.progress import Report, silent
from fairdue.store.actions import load
from fairdue.store.columns import columns, drop
from fairdue.store.models import Batch, Organisation
from fairdue.store.staging import staged

CHUNK = 50_000


class WrongKind(Fault):
    """The mapping is for another kind of file."""

    code = "import.wrong-kind"
    en, en_remedy = "Mapping {mapping} is for a {theirs}, not for a {ours}.", "Run: fairdue import {theirs} ..."
    zh, zh_remedy = "映射 {mapping} 用于 {theirs}，而不是 {ours}。", "请改用：fairdue import {theirs} ……"


class OtherCurrency(Fault):
    """A lender's book is kept in one currency."""

    code = "import.other-currency"
    en, en_remedy = (
        "{file} has amounts in {theirs}, the book of {lender} is kept in {ours}.",
        "Load it for a lender in that currency.",
    )
    zh, zh_remedy = "{file} 的金额以 {theirs} 计，而 {lender} 的账册以 {ours} 计。", "请为该币种另设委托机构后导入。"


@dataclass(frozen=True)
class Expected:
    """Control totals the sender announced; None: not announced."""

    rows: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class Loaded:
    """What became of a file."""

    batch: Batch
    again: bool  # the same file had been loaded before: nothing was changed


def import_file(
    lender: Organisation,
    path: Path,
    mapping_name: str,
    *,
    kind: str,
    as_of: date | None,
    actor: str,
    expected: Expected | None = None,
    lang: Lang = "zh",
    progress: Report = silent,
) -> Loaded:
    """Load one file for a lender. Raises a `Fault` for what is wrong with the file as a whole: then nothing was loaded.

    Rows that cannot be loaded are written, with the reasons, to a file that can be mended and loaded again.
    """
    mapping = intake.load_mapping(mapping_name)
    if mapping.kind != kind:
        raise WrongKind(mapping=mapping.name, theirs=mapping.kind, ours=kind)
    source = intake.open_source(path, mapping)
    context = intake.Context(as_of, lender.currency, lender.exponent, path.name)
    identity = load.FileIdentity(lender, kind, path.name, source.sha256, mapping.name, mapping.revision, as_of)
    batch = load.open_batch(identity, actor)
    if batch.state == "LOADED":
        return Loaded(batch, again=True)
    totals, rejects = _stage(source, mapping, context, identity, lang, progress)
    notices = [{"en": notice.sentence("en"), "zh": notice.sentence("zh")} for notice in source.notices]
    intake.raise_all(totals.check(expected.rows, expected.total) if expected else ())
    counts = load.Counts(totals.read, totals.loaded, totals.rejected, totals.as_dict() | {"notices": notices}, rejects)
    progress("publish", 0, 1)
    load.publish(batch, identity.stage, counts, actor)
    progress("publish", 1, 1)
    return Loaded(batch, again=False)


def _stage(
    source: intake.Source, mapping: intake.Mapping, context: intake.Context, identity: load.FileIdentity, lang: Lang,
    progress: Report,
) -> tuple[intake.ControlTotals, str]:  # fmt: skip
    """Parse and stage every chunk; an interrupted attempt's staging table is begun anew."""
    totals = intake.ControlTotals()
    folder = settings.HOME / "rejects"
    folder.mkdir(parents=True, exist_ok=True)
    rejects = folder / f"{identity.digest[:16]}.csv"
    with columns() as db, intake.RejectsWriter(rejects, source.columns, lang) as writer:
        db.execute(drop(identity.stage))
        db.commit()
        for frame in source.chunks(CHUNK):
            parsed = intake.parse_chunk(mapping, frame, context)
            totals.add(parsed)
            writer.add(frame, parsed.rejects)
            _one_currency(parsed.good, identity)
            if parsed.good.height:
                db.stage(identity.stage, staged(mapping.kind, parsed.good))
                db.commit()
            progress("read", totals.read, source.rows_about)
    return totals, str(rejects) if totals.rejected else ""


def _one_currency(good: pl.DataFrame, identity: load.FileIdentity) -> None:
    """Raises `OtherCurrency`: sums over two currencies, or over two scales of one, would mean nothing."""
    lender = identity.lender
    if identity.kind != "book":
        return
    other = good.filter((pl.col("currency") != lender.currency) | (pl.col("exponent") != lender.exponent))
    if other.height:
        theirs, scale = other["currency"][0], other["exponent"][0]
        raise OtherCurrency(
            file=identity.file_name,
            theirs=f"{theirs}/{scale}",
            lender=lender.code,
            ours=f"{lender.currency}/{lender.exponent}",
        )


def as_json(loaded: Loaded) -> str:
    """One JSON object, stable keys: what `fairdue import --json` prints."""
    b = loaded.batch
    return json.dumps(
        {
            "batch": b.pk, "kind": b.kind, "file": b.file_name, "sha256": b.file_sha256, "mapping": b.mapping,
            "as_of": b.as_of and b.as_of.isoformat(), "state": b.state, "already_loaded": loaded.again,
            "rows": {"read": b.rows_read, "loaded": b.rows_loaded, "rejected": b.rows_rejected},
            "control": b.control, "rejects_file": b.rejects_file or None,
        },
        ensure_ascii=False,
    )  # fmt: skip


def as_text(loaded: Loaded, lang: Lang) -> str:
    """What came in, what went on, what was left out and why."""
    b, zh = loaded.batch, lang == "zh"
    if loaded.again:
        return (f"{b.file_name} 此前已入库（批次 {b.pk}），未作任何改动。" if zh
                else f"{b.file_name} had been loaded before (batch {b.pk}); nothing was changed.")  # fmt: skip
    lines = [
        f"{b.file_name}: 读入 {b.rows_read:,}，入库 {b.rows_loaded:,}，拒收 {b.rows_rejected:,}" if zh
        else f"{b.file_name}: read {b.rows_read:,}, loaded {b.rows_loaded:,}, rejected {b.rows_rejected:,}"
    ]  # fmt: skip
    for currency, s in b.control.get("sums", {}).items():
        read, kept, left = (money.format_minor(s[k], b.lender.exponent) for k in ("read", "loaded", "left_out"))
        lines.append(
            f"  {currency} {read} = {kept} {'入库' if zh else 'loaded'} + {left} {'未入库' if zh else 'left out'}"
        )
        if s["unreadable"]:
            lines.append(f"  {s['unreadable']:,} 行金额无法识别，未计入" if zh
                         else f"  {s['unreadable']:,} more with an amount that cannot be read")  # fmt: skip
    if late := b.control.get("owe_nothing_but_late"):
        lines.append(f"  {late:,} 个账户标记逾期但没有欠款：不会联系" if zh
                     else f"  {late:,} accounts are marked late and owe nothing: nobody is contacted about them")  # fmt: skip
    lines += [f"  {notice[lang]}" for notice in b.control.get("notices", ())]
    if b.rejects_file:
        lines.append(
            f"  {'拒收文件（修改后可再次导入）' if zh else 'rejected rows, to be mended and loaded again'}: {b.rejects_file}"
        )
    return "\n".join(lines)
