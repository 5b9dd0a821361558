"""The last step of an audit: tables, summary and reports, each whole; then what lay in between is deleted."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from fairdue.core.errors import Lang
from fairdue.logaudit import html, pdf
from fairdue.logaudit.order import Order
from fairdue.logaudit.run import Report, Stop, run
from fairdue.logaudit.summary import summary
from fairdue.logaudit.tables import write_tables
from fairdue.logaudit.words import number, word

LANGS: tuple[Lang, ...] = ("zh", "en")


def audit(order: Order, report: Report, stop: Stop = lambda: False) -> dict[str, Any]:
    """The whole audit: everything under `order.out`; returns the summary. Raises a `Fault`."""
    found = run(order, report, stop)
    report("write", 0, 3)
    examples = write_tables(found)
    report("write", 1, 3)
    made = summary(found)
    _write(order.out / "summary.json", json.dumps(made, ensure_ascii=False, indent=1).encode())
    for lang in LANGS:
        _write(order.out / f"report.{lang}.html", html.page(made, examples, lang).encode())
        _write(order.out / f"report.{lang}.pdf", pdf.page(made, examples, lang))
    report("write", 3, 3)
    shutil.rmtree(found.work)
    return made


def _write(path: Path, content: bytes) -> None:
    """A file that is there whole or not at all, and that only its owner reads."""
    growing = path.with_name(f".{path.name}")
    with os.fdopen(os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    growing.rename(path)


def as_text(made: dict[str, Any], out: Path, lang: Lang) -> str:
    """What a terminal is told: the verdict, the rules, what is missing, where the report lies."""
    lines = [html.verdict(made, lang)]
    lines += [f"  {rule['breaches']:>12,}  {rule['rule']}  {rule['title'][lang]}" for rule in made["rules"]]
    law = [one for one in made["not_judged"] if one["confidence"] != "H"]
    if law:
        lines.append(word("not_judged", lang))
        lines += [f"  {one['contacts']:>12,}  {one['rule']}  {one[f'missing_{lang}']}" for one in law]
    said = {name: number(made["rows"][name]) for name in ("read", "judged", "rejected", "twice")}
    return "\n".join([*lines, word("rows_of", lang, **said), str(out / f"report.{lang}.html")])
