"""The working days of teams."""

from __future__ import annotations

import json
from datetime import date

import click

from fairdue.commands import Day, django, json_flag, language, lender, lender_option, says_faults


@click.group()
def team() -> None:
    """Working days of teams."""


@team.command("calendar")
@click.argument("name")
@click.option(
    "--country", required=True, help="Whose public holidays and made-up working days it keeps, such as CN; none."
)
@lender_option
@says_faults
def team_calendar(name: str, country: str, lender_code: str | None) -> None:
    """Say which country's public holidays a team keeps."""
    django()
    from fairdue.store.actions import staffing

    kept = "" if country.lower() == "none" else country.upper()
    staffing.set_calendar("cli", staffing.team_of(lender(lender_code), name), kept)
    click.echo(f"{name}: {kept or '–'}")


@team.command("day")
@click.argument("name")
@click.option("--on", "on", type=Day(), required=True, help="The day.")
@click.option(
    "--state", type=click.Choice(["free", "works", "usual"]), required=True, help="usual: as the calendar says."
)
@click.option("--note", default="", help="Why; shown on the floor page.")
@lender_option
@says_faults
def team_day(name: str, on: date, state: str, note: str, lender_code: str | None) -> None:
    """Set a day of the team's own: free, worked, or as the calendar says again."""
    django()
    from fairdue.store.actions import staffing

    works = {"free": False, "works": True, "usual": None}[state]
    staffing.set_day("cli", staffing.team_of(lender(lender_code), name), on, works, note)
    click.echo(f"{name}: {on} {state}")


@team.command("days")
@click.argument("name")
@click.option("--on", "on", type=Day(), help="From this day; by default today.")
@lender_option
@json_flag
@says_faults
def team_days(name: str, on: date | None, lender_code: str | None, as_json: bool) -> None:
    """The next days on which a team works or rests otherwise than in its usual week."""
    django()
    from fairdue.store import clock
    from fairdue.store.actions import staffing
    from fairdue.store.pages.floor import special_days

    of = lender(lender_code)
    found = special_days(staffing.team_of(of, name), on or clock.business_date(clock.now_minute(), of.zone))
    if as_json:
        click.echo(json.dumps([vars(one) for one in found], ensure_ascii=False, default=str))
        return
    words = {True: "上班", False: "休息"} if language() == "zh" else {True: "worked", False: "free"}
    for one in found:
        click.echo(f"{one.on} {words[one.works]} {one.note}".rstrip())


COMMANDS = (team,)
CHINESE = {
    "team": "小组的工作日。",
    "team calendar": "设定小组沿用哪个国家的法定节假日。",
    "team calendar --country": "国家代码，如 CN（含调休上班日）；none 表示不沿用。",
    "team day": "设定小组自己的日子：休息、上班，或恢复按日历。",
    "team day --on": "日期。",
    "team day --state": "free 休息，works 上班，usual 按日历。",
    "team day --note": "原因；显示在“现场”页。",
    "team days": "列出小组今后与平常一周不同的日子。",
    "team days --on": "起始日期；默认今天。",
}
ARGUMENTS = {
    "team calendar NAME": {"zh": "小组名称。", "en": "Name of the team."},
    "team day NAME": {"zh": "小组名称。", "en": "Name of the team."},
    "team days NAME": {"zh": "小组名称。", "en": "Name of the team."},
}
