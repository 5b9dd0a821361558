"""Clocks of disputes, complaints and the like: for whoever must be warned before they run out, or must report."""

from __future__ import annotations

import json
import sys
from datetime import date

import click

from fairdue.commands import Day, django, json_flag, language, lender, lender_option, says_faults


@click.group()
def tracks() -> None:
    """Disputes, complaints and whatever else stops or diverts the work."""


@tracks.command("due")
@lender_option
@click.option(
    "--within", default=3, show_default=True, type=click.IntRange(0), help="Days from today that are looked at."
)
@json_flag
@says_faults
def tracks_due(lender_code: str | None, within: int, as_json: bool) -> None:
    """List what is overdue or falls due within some days; exit code 1 where something is overdue."""
    django()
    from fairdue.store import pages

    found = pages.tracks_due(lender(lender_code), within)
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, default=str))
    else:
        nothing = "没有临近到期的事项。" if language() == "zh" else "Nothing runs out."
        click.echo("\n".join(row.line(language()) for row in found.tracks) or nothing)
    sys.exit(1 if found.late else 0)


@tracks.command("complaints")
@lender_option
@click.option("--from", "first", type=Day(), required=True, help="First day on which they were received.")
@click.option("--to", "last", type=Day(), required=True, help="Last day on which they were received.")
@json_flag
@says_faults
def tracks_complaints(lender_code: str | None, first: date, last: date, as_json: bool) -> None:
    """Count the complaints of a period by the regulator's class, category, way they came, root cause and result."""
    django()
    from fairdue.store import pages

    found = pages.complaints_report(lender(lender_code), first, last)
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, default=str))
        return
    zh = f"收到 {found.received}，已决定 {found.decided}，其中按期 {found.in_time}"
    en = f"received {found.received}, decided {found.decided}, of these in time {found.in_time}"
    click.echo(zh if language() == "zh" else en)
    for row in found.rows:
        click.echo(f"{row['count']:>6}  " + "  ".join(row[key] or "–" for key in COLUMNS))


COLUMNS = ("regulator_class", "category", "came_by", "root_cause", "decision")
COMMANDS = (tracks,)
CHINESE = {
    "tracks": "异议、投诉等停催或转办事项。",
    "tracks due": "列出已超期或若干日内到期的事项；有超期时退出码为 1。",
    "tracks due --within": "从今日起查看的天数。",
    "tracks complaints": "统计一段期间收到的投诉：监管分类、类别、来源、根本原因和结果。",
    "tracks complaints --from": "收到日期的首日。",
    "tracks complaints --to": "收到日期的末日。",
}
