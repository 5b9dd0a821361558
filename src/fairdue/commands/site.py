"""The customers' own site, for operators: the numbers that callers can be checked by."""

from __future__ import annotations

import click

from fairdue.commands import django, lender_option, says_faults
from fairdue.commands import lender as lender_of


@click.group()
def site() -> None:
    """The customers' own site."""


@site.group()
def number() -> None:
    """Numbers the lender calls from; customers check callers by them."""


@number.command("add")
@click.argument("number")
@click.option("--name-zh", required=True, help="Name in Chinese.")
@click.option("--name-en", required=True, help="Name in English.")
@lender_option
@says_faults
def number_add(number: str, name_zh: str, name_en: str, lender_code: str | None) -> None:
    """Add a number, or rename one."""
    django()
    from fairdue.store.actions import setup

    made = setup.add_number("cli", lender_of(lender_code), number, name_zh, name_en)
    click.echo(f"{made.number}: {made.name_zh} / {made.name_en}")


COMMANDS = (site,)
CHINESE = {
    "site": "客户服务网站。",
    "site number": "机构对外拨打的号码，供客户核对来电。",
    "site number add": "登记号码，或修改名称。",
    "site number add --name-zh": "中文名称。",
    "site number add --name-en": "英文名称。",
}
ARGUMENTS = {
    "site number add NUMBER": {"zh": "电话号码。", "en": "The telephone number."},
}
