"""Money that comes in: statements, matching, the daily control, exports for the general ledger."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import click

from fairdue.commands import NoFile, django, json_flag, language, lender, lender_option, says_faults


@click.group()
def payments() -> None:
    """Incoming money: statements, matching, control, exports."""


@payments.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", default="", help="camt053, mt940, ofx or the name of an export; else found out.")
@lender_option
@json_flag
@says_faults
def payments_import(file: Path, form: str, lender_code: str | None, as_json: bool) -> None:
    """Book the statements in FILE: checked whole, each once, what nobody can book is left to finance."""
    django()
    from fairdue.intake import statements as intake
    from fairdue.store.actions import statements

    owner = lender(lender_code)
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise NoFile(file=file, why=error.strerror) from None
    told = intake.read(file, form, currency=owner.currency)
    for one in told:
        one.check()
    done = [statements.book("cli", owner, one, digest) for one in told]
    _say([_of(one.statement, again=one.again) for one in done], as_json)


def _of(statement: Any, *, again: bool) -> dict[str, Any]:
    return {
        "statement": statement.pk, "format": statement.format, "currency": statement.currency, "opening": statement.opening,
        "closing": statement.closing, "read": statement.rows_read, "booked": statement.rows_booked,
        "known": statement.rows_known, "rejected": statement.rows_rejected, "again": again,
    }  # fmt: skip


def _say(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    zh = language() == "zh"
    for row in rows:
        head = f"{'对账单' if zh else 'statement'} {row['statement']} ({row['format']}): "
        said = (
            f"读取 {row['read']}，入账 {row['booked']}，此前已有 {row['known']}，退回 {row['rejected']}"
            if zh
            else f"{row['read']} read, {row['booked']} booked, {row['known']} known before, {row['rejected']} rejected"
        )
        click.echo(head + said + (("；此前已入账，无变化" if zh else "; booked before, nothing changed") if row["again"] else ""))


COMMANDS = (payments,)
CHINESE = {
    "payments": "来款：对账单、匹配、对账、导出。",
    "payments import": "入账 FILE 中的对账单：先整份核对，同一份只入账一次，无法认领的交由财务。",
    "payments import --format": "camt053、mt940、ofx 或导出格式名称；不填则自动识别。",
}
ARGUMENTS = {"payments import FILE": {"zh": "对账单文件。", "en": "The statement file."}}
