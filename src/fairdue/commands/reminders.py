"""Reminders to customers in good standing, before the due date."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from fairdue.commands import Day, django, json_flag, language, lender, lender_option, says_faults


@click.group()
def reminders() -> None:
    """Reminders to customers in good standing."""


@reminders.command("make")
@click.option("--on", "on", type=Day(), help="The day; by default today.")
@lender_option
@json_flag
@says_faults
def reminders_make(on: date | None, lender_code: str | None, as_json: bool) -> None:
    """Plan the reminders of a day: exact amount and due date, consented channel, lawful time; the rest with the reason."""
    django()
    from fairdue.rules.quality import load_reminders
    from fairdue.store import clock
    from fairdue.store.actions import reminders as acts

    of = lender(lender_code)
    made = acts.make("cli", of, on or clock.business_date(clock.now_minute(), of.zone))
    if as_json:
        click.echo(json.dumps(vars(made)))
        return
    known, lang = load_reminders().reasons, language()
    click.echo(f"计划提醒 {made.planned}" if lang == "zh" else f"{made.planned} planned")
    for code, count in made.left_out.items():
        click.echo(f"{count:>6}  {known[code].label[lang]}")


@reminders.command("queue")
@click.option("--on", "on", type=Day(), help="The day; by default today.")
@lender_option
@json_flag
@says_faults
def reminders_queue(on: date | None, lender_code: str | None, as_json: bool) -> None:
    """Put planned reminders into the outbox; each is judged again, with the amount as it is then, when it leaves."""
    django()
    from fairdue.store import clock
    from fairdue.store.actions import reminders as acts

    of = lender(lender_code)
    made = acts.queue(of, on or clock.business_date(clock.now_minute(), of.zone))
    zh = f"待发 {made.queued}，不允许 {made.refused}，不再需要 {made.over}"
    en = f"{made.queued} queued, {made.refused} refused, {made.over} no longer needed"
    click.echo(json.dumps(vars(made)) if as_json else zh if language() == "zh" else en)


@reminders.command("habits")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--on", "on", type=Day(), required=True, help="The day the file speaks of.")
@click.option("--rejects", type=click.Path(path_type=Path), help="Where rejected rows go; by default beside the file.")
@lender_option
@json_flag
@says_faults
def reminders_habits(file: Path, on: date, rejects: Path | None, lender_code: str | None, as_json: bool) -> None:
    """Load how accounts are paid and what customers consented to: account_no, direct_debit, debits_ok, wanted, channels."""
    django()
    from fairdue.jobs import habits

    made = habits.load(
        lender(lender_code),
        file,
        rejects or file.with_name(f"{file.stem}.rejects.csv"),
        on,
        actor="cli",
        lang=language(),
    )
    zh = f"{made.rows} 行：载入 {made.loaded}，退回 {made.rejected}"
    en = f"{made.rows} rows: loaded {made.loaded}, rejected {made.rejected}"
    click.echo(json.dumps(vars(made)) if as_json else zh if language() == "zh" else en)
    raise SystemExit(1 if made.rejected else 0)


COMMANDS = (reminders,)
CHINESE = {
    "reminders": "对正常还款客户的到期提醒。",
    "reminders make": "生成当日的提醒计划：确切金额与到期日、客户同意的渠道、合规时间；其余注明原因。",
    "reminders make --on": "日期；默认今天。",
    "reminders queue": "将已计划的提醒放入待发箱；发出时按当时金额再判断一次。",
    "reminders queue --on": "日期；默认今天。",
    "reminders habits": "载入还款方式与客户同意情况：account_no、direct_debit、debits_ok、wanted、channels。",
    "reminders habits --on": "文件所述的日期。",
    "reminders habits --rejects": "退回行写入的文件；默认与原文件同处。",
}
ARGUMENTS = {"reminders habits FILE": {"zh": "CSV 文件。", "en": "A file in CSV."}}
