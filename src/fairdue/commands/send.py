"""The worker that empties the outbox."""

from __future__ import annotations

import json
import signal

import click

from fairdue.commands import django, json_flag, language, progress, says_faults


@click.command("send")
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@json_flag
@says_faults
def send(once: bool, quiet: bool, as_json: bool) -> None:
    """Send what waits in the outbox; each message is judged once more when it leaves. Ctrl-C ends it without loss."""
    django()
    from fairdue.jobs.sending import Worker

    stopped: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _frame: stopped.append(got))
    with progress(quiet or as_json) as report:
        sent = Worker().run(once=once, stop=lambda: bool(stopped), report=report)
    if as_json:
        click.echo(json.dumps({"states": sent.states, "heard": sent.heard}))
        return
    said = ", ".join(f"{state} {count}" for state, count in sorted(sent.states.items())) or "0"
    click.echo(f"已处理：{said}；收到回执与回复 {sent.heard}" if language() == "zh" else
               f"handled: {said}; receipts and replies: {sent.heard}")  # fmt: skip


COMMANDS = (send,)
CHINESE = {
    "send": "发送待发消息；每条消息离开前再判断一次。Ctrl-C 可随时停止，不会丢失。",
    "send --once": "没有到期消息时结束。",
    "send --quiet": "不显示进度。",
}
