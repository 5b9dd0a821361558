"""The evidence pack of a track: one zip that somebody outside can read and check, each file under its hash.

The same state of the case gives the same bytes. Names stay masked except inside the files somebody brought.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from fairdue.core.codes import Channel, Role
from fairdue.core.errors import Lang
from fairdue.core.money import format_minor
from fairdue.core.tracks import TrackState
from fairdue.rules.tracks import TrackKind, load_tracks
from fairdue.store import access, audit, clock
from fairdue.store.actions import track_work as work
from fairdue.store.actions.answers import number_of
from fairdue.store.models import AuditRow, Task, Track, User
from fairdue.store.pages.casefile import CasePage, case_page

Row = Sequence[object]
NO_RECORDINGS = (
    "案件中没有录音文件；外部录音系统中的录音请另行调取。\n"
    "The case holds no recordings; those of a recording system outside are to be fetched there.\n"
)
STYLE = (
    "body{font:14px/1.5 system-ui,'Noto Sans SC',sans-serif;max-width:980px;margin:32px auto;padding:0 16px;color:#1b1d22}"
    "h1{font-size:20px}h2{font-size:16px;margin-top:28px}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid #d6d9df;padding:4px 8px;text-align:left;vertical-align:top}"
    "th{color:#5b616e;font-weight:500}code{font-size:12px;overflow-wrap:anywhere}dt{color:#5b616e}dd{margin:0 0 6px}"
)
WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "title": "证据包", "case": "案件", "person": "客户", "lender": "机构", "kind": "类型", "state": "状态", "since": "提出",
        "due": "期限", "said": "对方的说法", "steps": "经过", "evidence": "材料", "contacts": "联系与催记",
        "decisions": "规则判断与决定", "statement": "账务明细", "tasks": "任务", "audit": "审计记录", "files": "文件与哈希",
        "when": "时间", "who": "人员", "what": "事项", "note": "说明", "file": "文件", "allowed": "允许", "amount": "金额",
        "balance": "余额", "made": "生成日",
    },
    "en": {
        "title": "Evidence pack", "case": "Case", "person": "Customer", "lender": "Lender", "kind": "Kind", "state": "State",
        "since": "Raised", "due": "Due", "said": "What was said", "steps": "What happened", "evidence": "Evidence",
        "contacts": "Contacts and notes", "decisions": "Guard and decisions", "statement": "Statement", "tasks": "Tasks",
        "audit": "Audit trail", "files": "Files and hashes", "when": "When", "who": "Who", "what": "What", "note": "Note",
        "file": "File", "allowed": "Allowed", "amount": "Amount", "balance": "Balance", "made": "Made on",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One table of the pack: in the index and as CSV."""

    name: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]


@transaction.atomic
def evidence_pack(user: User, track_id: int, lang: Lang) -> tuple[str, bytes]:
    """File name and bytes of the zip. Raises `NotYours`, `RoleCannot`."""
    work.may(user, work.PACKERS)
    track = access.get_track(user, track_id)
    files = _files(user, track, lang)
    content = _zip(files, work.today_of(track.case))
    digest = hashlib.sha256(content).hexdigest()
    audit.write(user.username, "track.pack", "track", track.pk, sha256=digest, files=len(files))
    return f"{number_of(track)}.zip", content


def _files(user: User, track: Track, lang: Lang) -> dict[str, bytes]:
    shown = case_page(user, track.case_id)
    tables = _tables(track, shown, lang)
    files = {f"{table.name}.csv": _csv(table) for table in tables}
    files["decisions.jsonl"] = _decisions_whole(track)
    for number, one in enumerate(track.evidence.select_related("file").order_by("pk"), 1):
        if one.file_size:
            files[f"evidence/{number:02}-{one.code}-{one.file_name}"] = work.content_of(one)
    files["recordings/README.txt"] = NO_RECORDINGS.encode()
    files["index.html"] = _index(track, tables, files, lang).encode()
    hashes = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return files | {"MANIFEST.sha256": hashes.encode()}


def _zip(files: Mapping[str, bytes], on: date) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, content)
    return made.getvalue()


def _csv(table: Table) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(table.head)
    writer.writerows([_inert(cell) for cell in row] for row in table.rows)
    return ("\ufeff" + made.getvalue()).encode()


def _inert(cell: object) -> object:
    """Words must not become a formula in somebody's spreadsheet; figures are written by us and stay."""
    text = str(cell)
    figure = text.lstrip("+-").replace(",", "").replace(".", "").isdigit()
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not figure else cell


def _tables(track: Track, shown: CasePage, lang: Lang) -> tuple[Table, ...]:
    kind, zone = load_tracks()[track.kind], track.lender.zone
    return (
        Table("steps", ("when", "who", "what", "note"), tuple(
            (_at(e.at, zone), e.actor, e.step, e.note) for e in track.events.order_by("pk"))),
        Table("evidence", ("when", "who", "what", "note", "file"), tuple(_evidence(track, kind, lang))),
        Table("contacts", ("when", "who", "what", "note"), tuple(_contacts(track, zone, lang))),
        Table("decisions", ("when", "what", "allowed", "note"), tuple(
            (_at(d.at, zone), d.kind, d.allowed, d.verdict) for d in track.case.decisions.order_by("pk"))),
        Table("statement", ("when", "what", "amount", "balance"), tuple(
            (s.on, f"{s.account_no_masked} {s.kind.label(lang)} {s.component.label(lang)}",
             format_minor(s.amount, shown.exponent), format_minor(s.running, shown.exponent)) for s in shown.statement)),
        Table("tasks", ("due", "who", "what", "note"), tuple(_tasks(track, lang))),
        Table("audit", ("when", "who", "what", "note"), tuple(_audit(track))),
    )  # fmt: skip


def _at(minute: int, zone: str) -> str:
    return f"{clock.from_minute(minute, zone):%Y-%m-%d %H:%M}"


def _evidence(track: Track, kind: TrackKind, lang: Lang) -> Iterable[Row]:
    label = {known.code: known.label[lang] for known in kind.evidence}
    for one in track.evidence.order_by("pk"):
        yield (_at(one.at, track.lender.zone), one.added_by, label.get(one.code, one.code), one.note,
               f"{one.file_name} {one.file_sha256}".strip())  # fmt: skip


def _contacts(track: Track, zone: str, lang: Lang) -> Iterable[Row]:
    for one in track.case.attempts.select_related("operator", "point").order_by("at", "pk"):
        what = f"{Channel(one.channel).label(lang)} {one.point.value_masked if one.point else ''} {one.outcome or one.state}"
        yield _at(one.at, zone), one.operator.username if one.operator else "", what, one.note


def _tasks(track: Track, lang: Lang) -> Iterable[Row]:
    for task in Task.objects.filter(about="track", about_id=track.pk).select_related("owner").order_by("pk"):
        who = task.owner.username if task.owner else Role(task.role).label(lang) if task.role >= 0 else ""
        yield task.due_on or "", who, f"{task.kind} {task.state}", task.outcome or task.detail.get(lang, "")


def _audit(track: Track) -> Iterable[Row]:
    for row in AuditRow.objects.filter(subject="track", subject_id=track.pk).order_by("pk"):
        yield row.at.isoformat(timespec="seconds"), row.actor, row.verb, f"{row.reason} {row.digest}".strip()


def _decisions_whole(track: Track) -> bytes:
    """Every decision with all the guard was told, one JSON object a line."""
    lines: list[Mapping[str, Any]] = [
        {"id": d.pk, "kind": d.kind, "at": _at(d.at, track.lender.zone), "pack": d.pack, "pack_revision": d.pack_revision,
         "allowed": d.allowed, "facts": json.loads(d.facts), "verdict": json.loads(d.verdict)}
        for d in track.case.decisions.order_by("pk")
    ]  # fmt: skip
    return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines).encode()


def _index(track: Track, tables: Iterable[Table], files: Mapping[str, bytes], lang: Lang) -> str:
    words, kind = WORDS[lang], load_tracks()[track.kind]
    facts = (
        (words["lender"], track.lender.name_zh if lang == "zh" else track.lender.name_en),
        (words["case"], track.case_id), (words["person"], track.case.customer.name_masked or track.case.customer.ref),
        (words["kind"], kind.title[lang]), (words["state"], TrackState(track.state).label(lang)),
        (words["since"], track.since),
        (words["due"], f"{track.due_on} · {track.clock_zh if lang == 'zh' else track.clock_en}"),
        (words["said"], track.said), (words["made"], work.today_of(track.case)),
    )  # fmt: skip
    title = f"{words['title']} {number_of(track)}"
    head = "".join(f"<dt>{_e(name)}</dt><dd>{_e(value)}</dd>" for name, value in facts)
    body = "".join(_html(table, words) for table in tables)
    listing = "".join(
        f"<tr><td>{_e(name)}</td><td><code>{hashlib.sha256(content).hexdigest()}</code></td></tr>"
        for name, content in sorted(files.items())
    )
    return (
        f'<!doctype html><html lang="{"zh-Hans" if lang == "zh" else "en"}"><meta charset="utf-8"><title>{_e(title)}</title>'
        f"<style>{STYLE}</style><h1>{_e(title)}</h1><dl>{head}</dl>{body}<h2>{_e(words['files'])}</h2>"
        f"<table>{listing}</table></html>\n"
    )


def _html(table: Table, words: Mapping[str, str]) -> str:
    head = "".join(f"<th>{_e(words[name])}</th>" for name in table.head)
    rows = "".join("<tr>" + "".join(f"<td>{_e(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f"<h2>{_e(words[table.name])}</h2><table><tr>{head}</tr>{rows}</table>"


def _e(value: object) -> str:
    return html.escape(str(value))
