"""Money that comes in: statements, matching, the daily control, exports for the general ledger."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from fairdue.commands import Day, NoFile, django, json_flag, language, lender, lender_option, says_faults


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
    from fairdue.store.actions import paid_search, statements

    owner = lender(lender_code)
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise NoFile(file=file, why=error.strerror) from None
    told = intake.read(file, form, currency=owner.currency, exponent=owner.exponent)
    for one in told:
        one.check()
    done = [statements.book("cli", owner, one, digest, step=_shown(len(one.entries))) for one in told]
    paid_search.again("cli", owner)
    _say([_of(one.statement, again=one.again) for one in done], as_json)


def _shown(total: int) -> Callable[[int], None]:
    """How far it is, with the time left, where somebody looks; stopped with Ctrl-C it goes on when it is started again."""
    begun = time.monotonic()

    def step(done: int) -> None:
        if sys.stderr.isatty() and done:
            left = (time.monotonic() - begun) / done * (total - done)
            click.echo(f"\r{done}/{total}  {left:4.0f} s ", nl=done == total, err=True)

    return step


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
        click.echo(
            head
            + said
            + (("；此前已入账，无变化" if zh else "; booked before, nothing changed") if row["again"] else "")
        )


@payments.command("control")
@click.option("--on", type=Day(), required=True, help="The day, YYYY-MM-DD.")
@click.option("--balances", type=click.Path(path_type=Path), help="The lender's balances at its end, as CSV.")
@lender_option
@json_flag
@says_faults
def payments_control(on: date, balances: Path | None, lender_code: str | None, as_json: bool) -> None:
    """The control of a day: opening + postings = closing, set against the lender's balances. Exit code 2 where they differ."""
    django()
    from fairdue.core.codes import Component
    from fairdue.intake.statements import balances as intake
    from fairdue.store.actions import control

    owner = lender(lender_code)
    theirs, faults = intake.read(balances, owner.currency) if balances else (None, ())
    done = control.control("cli", owner, on, theirs)
    rows = [{"component": Component(r.component).name, "opening": r.opening, "postings": r.postings, "closing": r.closing,
             "lender": r.lenders, "agrees": control.agrees(r)} for r in done.rows]  # fmt: skip
    differ = [{"account": d.account.account_no, "component": Component(d.component).name, "ours": d.ours,
               "lender": d.lenders} for d in done.differences]  # fmt: skip
    body = {"on": on, "rows": rows, "differences": differ, "unknown": done.unknown, "rejected": [f.row for f in faults]}
    click.echo(json.dumps(body, ensure_ascii=False, default=str) if as_json else _table(rows, differ))
    sys.exit(2 if differ or done.unknown or faults else 0)


def _table(rows: list[dict[str, Any]], differ: list[dict[str, Any]]) -> str:
    zh = language() == "zh"
    head = (
        ("科目", "期初", "发生", "期末", "贷款机构")
        if zh
        else ("component", "opening", "postings", "closing", "lender")
    )
    said = [[r["component"], r["opening"], sum(r["postings"].values()), r["closing"], "-" if r["lender"] is None else r["lender"]]
            for r in rows]  # fmt: skip
    lines = ["".join(f"{cell!s:>16}" for cell in row) for row in [list(head), *said]]
    lines += [f"{d['account']} {d['component']}: {d['ours']} / {d['lender']}" for d in differ]
    return "\n".join([*lines, f"{'差异' if zh else 'differences'}: {len(differ)}"])


@payments.command("export")
@click.option("--from", "first", type=Day(), required=True, help="First day.")
@click.option("--to", "last", type=Day(), required=True, help="Last day.")
@click.option(
    "--as", "form", type=click.Choice(["beancount", "csv"]), default="beancount", show_default=True, help="Format."
)
@lender_option
@says_faults
def payments_export(first: date, last: date, form: str, lender_code: str | None) -> None:
    """What the general ledger is told of a period, on standard output."""
    django()
    from fairdue.store import general_ledger

    made = {"beancount": general_ledger.as_beancount, "csv": general_ledger.as_csv}[form]
    click.echo(made(lender(lender_code), first, last), nl=False)


@payments.command("match")
@lender_option
@json_flag
@says_faults
def payments_match(lender_code: str | None, as_json: bool) -> None:
    """Look again at the money that waits: debts, payers and virtual accounts may have come since."""
    django()
    from fairdue.store.actions import paid_search, suspense_again

    owner = lender(lender_code)
    done = suspense_again.look("cli", owner) | {"claims": paid_search.again("cli", owner)}
    if as_json:
        click.echo(json.dumps(done))
    else:
        zh = language() == "zh"
        click.echo(f"已认领 {done['booked']} 笔，仍待认领 {done['waiting']} 笔" if zh
                   else f"{done['booked']} booked, {done['waiting']} still wait")  # fmt: skip


@payments.command("nag")
@click.option("--on", type=Day(), help="The day, YYYY-MM-DD; without: today.")
@lender_option
@json_flag
@says_faults
def payments_nag(on: date | None, lender_code: str | None, as_json: bool) -> None:
    """Remind people of the money that still waits: the owner, the owner again, the lead. The same day again does nothing."""
    django()
    from fairdue.store import clock
    from fairdue.store.actions import suspense

    owner = lender(lender_code)
    done = suspense.nag("cli", owner, on or clock.business_date(clock.now_minute(), owner.zone))
    if as_json:
        click.echo(json.dumps(done))
    else:
        zh = language() == "zh"
        click.echo(f"提醒经办 {done['owner']} 笔，提醒主管 {done['lead']} 笔" if zh
                   else f"{done['owner']} reminded to their owner, {done['lead']} to a lead")  # fmt: skip


@payments.command("written-off")
@click.option("--from", "first", type=Day(), required=True, help="First day.")
@click.option("--to", "last", type=Day(), required=True, help="Last day.")
@lender_option
@json_flag
@says_faults
def payments_written_off(first: date, last: date, lender_code: str | None, as_json: bool) -> None:
    """Debts written off and still owed, and what came in on them in a period."""
    django()
    from fairdue.store.actions import write_offs
    from fairdue.store.models import WriteOff

    standing = WriteOff.objects.filter(lender=lender(lender_code), state__in=write_offs.STANDING)
    found = write_offs.recovered(standing.select_related("account").order_by("on", "pk"), first, last)
    rows = [{"account": r.row.account.account_no, "on": r.row.on, "written_off": r.written_off, "in_period": r.in_period,
             "recovered": r.in_all, "owed": r.left} for r in found]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    zh = ("账户", "核销日期", "核销金额", "本期回收", "累计回收", "仍欠")
    head = zh if language() == "zh" else ("account", "on", "written off", "in period", "recovered", "owed")
    for cells in (head, *(tuple(row.values()) for row in rows)):
        click.echo("".join(f"{cell!s:>18}" for cell in cells))


COMMANDS = (payments,)
CHINESE = {
    "payments": "来款：对账单、匹配、对账、导出。",
    "payments import": "入账 FILE 中的对账单：先整份核对，同一份只入账一次，无法认领的交由财务。",
    "payments import --format": "camt053、mt940、ofx 或导出格式名称；不填则自动识别。",
    "payments control": "某日对账：期初 + 发生 = 期末，并与贷款机构余额核对；有差异时退出码为 2。",
    "payments control --on": "日期，YYYY-MM-DD。",
    "payments control --balances": "贷款机构当日末余额（CSV）。",
    "payments export": "向标准输出写出某期间的总账分录。",
    "payments export --from": "首日。",
    "payments export --to": "末日。",
    "payments export --as": "格式。",
    "payments nag": "提醒待认领款项：经办人、再次经办人、主管；同日重复执行无变化。",
    "payments nag --on": "日期，YYYY-MM-DD；不填为今日。",
    "payments written-off": "已核销但仍欠的债务及某期间的回收。",
    "payments written-off --from": "首日。",
    "payments written-off --to": "末日。",
    "payments match": "再次匹配待认领款项：其后可能已有对应的债务、付款人或虚拟账号。",
}
ARGUMENTS = {"payments import FILE": {"zh": "对账单文件。", "en": "The statement file."}}
