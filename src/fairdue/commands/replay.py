"""Stored decisions, asked again."""

from __future__ import annotations

import json
import sys
from datetime import date

import click

from fairdue.commands import Day, django, json_flag, language, progress, says_faults


@click.command()
@click.option("--from", "first", type=Day(), help="First business date.")
@click.option("--to", "last", type=Day(), help="Last business date.")
@click.option("--case", "case_id", type=int, help="Number of one case.")
@json_flag
@says_faults
def replay(first: date | None, last: date | None, case_id: int | None, as_json: bool) -> None:
    """Ask the guard again about stored decisions, by the rules kept for each, and report what comes out otherwise.

    It goes on where it was stopped; it ends with 1 where a decision differs.
    """
    django()
    from fairdue.jobs import replay as job

    with progress(as_json) as report:
        done = job.replay(job.Wanted(first, last, case_id), actor="cli", progress=report)
    click.echo(json.dumps(job.as_dict(done), ensure_ascii=False) if as_json else job.as_text(done, language()))
    sys.exit(1 if done.differing else 0)


COMMANDS = (replay,)
CHINESE = {
    "replay": "重放：按各决定当时的规则存档重新判断，报告与存档不同之处。中断后再次运行即继续；有不同时以退出码 1 结束。",
    "replay --from": "起始业务日期。",
    "replay --to": "截止业务日期。",
    "replay --case": "案件编号。",
}
