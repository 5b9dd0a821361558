"""Checks the audit trail from end to end: which row was altered, is missing, or was moved, and whether it still has its end."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from fairdue.core.errors import Fault
from fairdue.store import clock, sealed
from fairdue.store.models import AuditHead, AuditRow
from fairdue.store.seal import derive_key

GENESIS = "0" * 64
HEAD = 1  # the one row of its table
AT_ONCE = 10_000


def digest(row: AuditRow) -> str:
    """SHA-256 over every column but the digest itself and the number, which the row before gives."""
    said = [
        row.previous,
        row.at.isoformat(timespec="microseconds"),
        str(row.business_at),
        row.actor,
        row.verb,
        row.subject,
        str(row.subject_id),
        row.reason,
        row.data,
    ]
    return sha256("\x1f".join(said).encode()).hexdigest()


class NotAnAnchor(Fault):
    """The file holds no anchor, or one that this installation did not write."""

    code = "audit.not-an-anchor"
    en, en_remedy = (
        "{file}, line {line}: this is no anchor of this installation ({why}).",
        "Give a file that it wrote.",
    )
    zh, zh_remedy = "{file} 第 {line} 行：不是本系统写出的锚点（{why_zh}）。", "请提供本系统写出的锚点文件。"


@dataclass(frozen=True)
class ChainBreak:
    """The first row at which the chain does not hold."""

    row_id: int
    why: str  # a key of WORDS


WORDS = {
    "altered": ("内容被改动", "was altered"),
    "missing": ("缺失", "is missing"),
    "moved": ("被移位", "was moved"),
    "missing at the end": ("缺失：链尾被截断", "is missing: rows were cut off at the end"),
    "decision altered": ("所证明的决定被改动", "proves a decision that was altered or is missing"),
    "not the anchored row": (
        "与锚点不符：该行或更早的行被重写",
        "does not fit its anchor: it, or rows before it, were rewritten",
    ),
}


@dataclass(frozen=True)
class Anchor:
    """Where the chain ended at some moment, to be kept where whoever can write the database cannot write."""

    rows: int
    last_id: int
    digest: str
    at: str
    seal: str = ""

    def sealed(self) -> Anchor:
        """The anchor with a keyed hash (FAIRDUE_SECRET), so that nobody else can make one."""
        key = derive_key(os.environ.get("FAIRDUE_SECRET", ""), "anchor")
        said = f"{self.rows}\x1f{self.last_id}\x1f{self.digest}\x1f{self.at}"
        return replace(self, seal=hmac.new(key, said.encode(), sha256).hexdigest())


def anchor() -> Anchor:
    """Where the chain ends now."""
    head = AuditHead.objects.filter(pk=HEAD).first() or AuditHead(last_id=0, digest=GENESIS, rows=0)
    return Anchor(head.rows, head.last_id, head.digest, clock.wall().isoformat(timespec="seconds")).sealed()


def append_anchor(file: Path) -> Anchor:
    """Write where the chain ends now as one more line of a file."""
    made = anchor()
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(asdict(made)) + "\n")
    return made


def read_anchors(file: Path) -> tuple[Anchor, ...]:
    """The anchors of a file, one a line. Raises `NotAnAnchor`."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotAnAnchor(file=file.name, line=1, why="the file cannot be read", why_zh="文件无法读取") from error
    return tuple(_read(file, number, line) for number, line in enumerate(lines, 1) if line.strip())


def _read(file: Path, number: int, line: str) -> Anchor:
    try:
        found = Anchor(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise NotAnAnchor(file=file.name, line=number, why="unreadable", why_zh="无法读取") from error
    if not hmac.compare_digest(found.sealed().seal, found.seal):
        raise NotAnAnchor(file=file.name, line=number, why="its seal does not fit", why_zh="封印不符")
    return found


def _silent(done: int, total: int) -> None:
    """Nobody looks."""


def verify(
    anchors: Sequence[Anchor] = (), progress: Callable[[int, int], object] = _silent, *, decisions: bool = False
) -> ChainBreak | None:
    """Walk the whole chain in bounded memory; None when it holds, has its end, and goes through every anchor.

    With `decisions`, every decision that a row proves is compared with the hash in the row, too.
    """
    head = AuditHead.objects.filter(pk=HEAD).first()
    ends = [(a.last_id, a.digest) for a in anchors] + ([(head.last_id, head.digest)] if head else [])
    expected, before, must = GENESIS, 0, dict(ends)
    for row in _rows(progress, head.rows if head else 0):
        if broken := _broken(row, expected, before):
            return broken
        if must.get(row.pk, row.digest) != row.digest:
            return ChainBreak(row.pk, "not the anchored row")
        expected, before = row.digest, row.pk
    if decisions and (unlike := _unlike(progress, head.rows if head else 0)) is not None:
        return ChainBreak(unlike, "decision altered")
    furthest = max((last for last, _ in ends), default=0)
    return ChainBreak(before + 1, "missing at the end") if furthest > before else None


def _broken(row: AuditRow, expected: str, before: int) -> ChainBreak | None:
    if digest(row) != row.digest:
        return ChainBreak(row.pk, "altered")
    if row.previous == expected:
        return None
    successor = AuditRow.objects.filter(previous=expected).exclude(pk=row.pk).values_list("pk", flat=True).first()
    if successor is not None:  # the row that belongs here stands elsewhere
        return ChainBreak(row.pk, "moved")
    if row.pk == before + 1 and before:  # nothing is missing between: the row before is not the one that was followed
        return ChainBreak(before, "altered")
    return ChainBreak(before + 1, "missing")


def _unlike(progress: Callable[[int, int], object], total: int) -> int | None:
    """The first row whose decisions are not what they were."""
    for rows in batched(_rows(progress, total), AT_ONCE):
        first = min(sealed.unlike(rows), default=None)
        if first is not None:
            return first
    return None


def batched(rows: Iterable[AuditRow], size: int) -> Iterator[list[AuditRow]]:
    """So many rows at a time."""
    walk = iter(rows)
    while part := list(islice(walk, size)):
        yield part


def _rows(progress: Callable[[int, int], object], total: int) -> Iterator[AuditRow]:
    """Every row by number, so many at once."""
    last, done = -(2**63), 0
    while rows := list(AuditRow.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield from rows
        last, done = rows[-1].pk, done + len(rows)
        progress(done, max(total, done))


def said(found: ChainBreak | None, lang: str) -> str:
    """The finding in a sentence."""
    if found is None:
        return "审计链完整。" if lang == "zh" else "The audit chain holds."
    zh, en = WORDS[found.why]
    return f"第 {found.row_id} 行{zh}。" if lang == "zh" else f"Row {found.row_id} {en}."


def as_json(found: ChainBreak | None, anchors: Iterable[Anchor]) -> str:
    """One JSON object, stable keys."""
    return json.dumps({"holds": found is None, "row": found and found.row_id, "why": found and found.why,
                       "anchors": len(tuple(anchors))})  # fmt: skip
