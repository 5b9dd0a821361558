"""Clocks of disputes, complaints and the like: for whoever must be warned before they run out."""

from __future__ import annotations

import json
import sys

import click

from fairdue.commands import django, json_flag, language, lender, lender_option, says_faults


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

    rows = pages.tracks_due(lender(lender_code), within)
    if as_json:
        click.echo(json.dumps([row.as_dict() for row in rows], ensure_ascii=False, default=str))
    for row in [] if as_json else rows:
        click.echo(row.line(language()))
    if not rows and not as_json:
        click.echo("没有临近到期的事项。" if language() == "zh" else "Nothing runs out.")
    sys.exit(1 if any(row.days_left < 0 for row in rows) else 0)


COMMANDS = (tracks,)
CHINESE = {
    "tracks": "异议、投诉等停催或转办事项。",
    "tracks due": "列出已超期或若干日内到期的事项；有超期时退出码为 1。",
    "tracks due --within": "从今日起查看的天数。",
}
