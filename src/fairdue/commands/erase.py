"""Erasing a person's data on request."""

from __future__ import annotations

import json

import click

from fairdue.commands import django, json_flag, language, lender, lender_option, says_faults


@click.command()
@click.argument("person")
@click.option("--reason", required=True, help="Who asked for it and when; name nobody. Kept in the audit trail.")
@lender_option
@json_flag
@says_faults
def erase(person: str, reason: str, lender_code: str | None, as_json: bool) -> None:
    """Erase a person's data on request: names, numbers, addresses, notes and sealed values.

    Refused with the reason and the date from which it may, while a debt or a duty to keep records stands. The audit chain,
    decisions and postings stay and can still be verified and replayed.
    """
    django()
    from fairdue.store.actions import erase as action

    done = action.erase("cli", action.find_person(lender(lender_code), person), reason)
    if as_json:
        click.echo(json.dumps({"person": done.person_id, "rows": done.rows}))
    else:
        rows = sum(done.rows.values())
        click.echo(f"已删除，涉及 {rows} 条记录。" if language() == "zh" else f"Erased in {rows} rows.")


COMMANDS = (erase,)
CHINESE = {
    "erase": "应请求删除个人信息：姓名、号码、地址、备注和加密内容。尚有欠款或记录保存期限未届满时拒绝，并说明原因和可办理日期。"
    "审计链、决定和分录予以保留，仍可核验和重放。",
    "erase --reason": "由谁何时提出；不要写姓名。记入审计日志。",
}
ARGUMENTS = {
    "erase PERSON": {"zh": "客户编号，或人员序号。", "en": "The customer's reference, or the number of the person."},
}
