"""The work of a day: one command for the scheduler."""

from __future__ import annotations

from datetime import date

import click

from fairdue.commands import Day, django, json_flag, language, lender, lender_option, progress, says_faults


@click.command("daily")
@click.option("--on", "on", type=Day(), help="The business date; by default today.")
@click.option("--skip", "skip", multiple=True, help="A step to leave out, such as night; may be given more than once.")
@click.option("--again", is_flag=True, help="Do also what was done today already.")
@lender_option
@json_flag
@says_faults
def daily(on: date | None, skip: tuple[str, ...], again: bool, lender_code: str | None, as_json: bool) -> None:
    """Do the work of a day: the night, reminders, clocks, orders, money that waits, recordings, files, samples.

    Each step is done once a day; run again it does what is left. A step that fails is named and stops only what needs it;
    the exit code is then 1.
    """
    django()
    from fairdue.jobs import daily as job
    from fairdue.store import clock

    of = lender(lender_code)
    day = on or clock.business_date(clock.now_minute(), of.zone)
    with progress(as_json) as report:
        made = job.run(of, day, actor="cli", skip=skip, again=again, report=report)
    click.echo(job.as_json(made) if as_json else job.as_text(made, language()))
    raise SystemExit(1 if made.failed else 0)


COMMANDS = (daily,)
CHINESE = {
    "daily": "每日作业：夜间作业、到期提醒、法定期限、到期事项、待认领款项、录音、文件、抽样。"
    "每步每日只做一次；再次运行只做剩余部分。失败的步骤会列明，只影响依赖它的步骤；此时退出码为 1。",
    "daily --on": "业务日期；默认今天。",
    "daily --skip": "跳过的步骤，如 night；可多次指定。",
    "daily --again": "今天已做过的也重新做。",
}
