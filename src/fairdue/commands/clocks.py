"""Legal clocks from outside: of one case on any day, and what of a lender's runs out."""

from __future__ import annotations

import json
from datetime import date

import click

from fairdue.commands import Day, django, json_flag, language, lender, lender_option, says_faults


@click.command()
@click.argument("case")
@click.option("--on", "on", type=Day(), required=True, help="The day on which the question is asked.")
@json_flag
@says_faults
def clocks(case: str, on: date, as_json: bool) -> None:
    """Until when the claim, each guarantee and the judgment of a case hold, why, and every event that counts."""
    django()
    from fairdue.store.pages import legal

    found = legal.clocks_on(legal.find_case(case), on)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False, default=str) if as_json else found.as_text(language()))


@click.command("reckon-clocks")
@lender_option
@click.option("--on", "on", type=Day(), required=True, help="The business date.")
@json_flag
@says_faults
def reckon_clocks(lender_code: str | None, on: date, as_json: bool) -> None:
    """Reckon every legal clock of a lender's book, keep what changed and warn; the night does it too."""
    django()
    from fairdue.store.actions import legal_clocks

    changed = legal_clocks.of_lender("cli", lender(lender_code), on)
    zh, en = f"{changed} 个期间有变化", f"{changed} clocks changed"
    click.echo(json.dumps({"changed": changed}) if as_json else zh if language() == "zh" else en)


COMMANDS = (clocks, reckon_clocks)
CHINESE = {
    "clocks": "某案件的诉讼时效、保证期间和申请执行期间至何时、为何，以及各项事件。",
    "clocks --on": "询问所指的日期。",
    "reckon-clocks": "重新计算全部债务的法定期间，保存变化并预警；夜间批次亦会执行。",
    "reckon-clocks --on": "业务日期。",
}
ARGUMENTS = {"clocks CASE": {"zh": "案件编号或客户编号", "en": "Number of the case, or the customer's reference"}}
