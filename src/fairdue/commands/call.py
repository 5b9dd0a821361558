"""Calls dialled from the desk: `fairdue call run`, `fairdue call tend`."""

from __future__ import annotations

import json

import click

from fairdue.commands import django, json_flag, language, says_faults


@click.group()
def call() -> None:
    """Calls dialled from the desk."""


@call.command("run")
@click.argument("number", type=int)
@json_flag
@says_faults
def run(number: int, *, as_json: bool) -> None:
    """Carry a call out that was asked for at the desk, to its end. The desk starts this by itself."""
    django()
    from fairdue.jobs.calls import carry_out

    made = carry_out(number)
    said = {"call": made.pk, "state": made.state, "code": made.code, "seconds": made.seconds}
    click.echo(json.dumps(said) if as_json else f"{made.pk}: {made.state}")


@call.command("tend")
@json_flag
@says_faults
def tend(*, as_json: bool) -> None:
    """End calls whose process died: what had left counts, what had not gives its place back. The daily work does it too."""
    django()
    from fairdue.store.actions import calls

    count = calls.tend("cli")
    if as_json:
        click.echo(json.dumps({"ended": count}))
    else:
        click.echo(f"已结束：{count}" if language() == "zh" else f"ended: {count}")


COMMANDS = (call,)
ARGUMENTS = {"call run NUMBER": {"en": "Number of the call.", "zh": "通话编号。"}}
CHINESE = {
    "call": "从工作台拨出的电话。",
    "call run": "执行工作台发起的一次通话，直至结束；由工作台自动启动。",
    "call tend": "结束进程已中断的通话：号码已送出的计次，未送出的退还占位；每日作业也会处理。",
}
