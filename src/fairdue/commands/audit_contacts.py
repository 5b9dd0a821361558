"""The audit of anybody's contact log: `fairdue audit contacts`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fairdue.commands import django, json_flag, language, progress, says_faults
from fairdue.commands.audit import audit


@audit.command("contacts")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--pack", default="cn", show_default=True, help="The law pack.")
@click.option("--policy", default="", help="A lender's stricter policy on top.")
@click.option("--mapping", required=True, help="Name of a shipped mapping of kind contacts, or path of a YAML file.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the report.")
@click.option("--zone", help="Time zone of persons for whom the log names none.")
@click.option("--clock", help="Zone in which the log writes times without an offset; by default that of --zone.")
@click.option("--assume", multiple=True,
              help="Where the log does not say: name=VALUE, collection-calls, or a YAML file. May be repeated.")  # fmt: skip
@click.option("--title", default="", help="Title of the report.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that judge.")
@json_flag
@says_faults
def audit_contacts(  # noqa: PLR0917 - click hands over an option by its name
    files: tuple[Path, ...], pack: str, policy: str, mapping: str, out: Path, zone: str | None, clock: str | None,
    assume: tuple[str, ...], title: str, workers: int, as_json: bool,
) -> None:  # fmt: skip
    """Judge every contact of a log by the law of its own day: breaches, what could not be judged, reports in both languages.

    Works without any case data. A killed audit goes on where it stopped when it is started again with the same options.
    """
    from fairdue.logaudit import deliver
    from fairdue.logaudit.order import Order, assumptions

    order = Order(
        files, mapping, pack, out, policy, zone, clock, assumptions(assume), language(), workers, title
    )  # fmt: skip
    with progress(as_json) as report:
        made = deliver.audit(order, report)
    click.echo(json.dumps(made, ensure_ascii=False) if as_json else deliver.as_text(made, out, language()))


@audit.command("work")
@click.argument("number", type=int)
@json_flag
@says_faults
def audit_work(number: int, as_json: bool) -> None:
    """Carry out an audit that was asked for at the desk; the desk starts this by itself. Resumes if it was killed."""
    django()
    from fairdue.jobs import contact_audits

    row = contact_audits.work(number, language())
    said = {"audit": row.pk, "state": row.state, "fault": row.fault or None, "out": str(row.out)}
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else f"{row.pk}: {row.state}")


COMMANDS: tuple[click.Command, ...] = ()  # it hangs under `audit`
ARGUMENTS = {
    "audit contacts FILES": {
        "en": "The log: one file, or several of the same columns.",
        "zh": "日志文件，可为列名相同的多个文件。",
    },
    "audit work NUMBER": {"en": "Number of the audit at the desk.", "zh": "工作台上的审计编号。"},
}
CHINESE = {
    "audit contacts": "按联系当日有效的法规逐条判断日志中的每次联系：违规、未能判断的事项，以及中英文报告。"
    "不需要任何案件数据。中断后以相同选项再次运行即继续。",
    "audit contacts --pack": "法规规则包。",
    "audit contacts --policy": "本机构更严的制度。",
    "audit contacts --mapping": "随附的联系日志映射名称，或 YAML 文件路径。",
    "audit contacts --out": "报告输出目录。",
    "audit contacts --zone": "日志未注明对方时区时采用的时区。",
    "audit contacts --clock": "日志中未带时差的时间所用时区；默认与 --zone 相同。",
    "audit contacts --assume": "日志未注明时的假定：名称=取值、collection-calls，或 YAML 文件；可重复。",
    "audit contacts --title": "报告标题。",
    "audit work": "执行工作台上提交的审计；由工作台自动启动。中断后再次运行即继续。",
    "audit contacts --workers": "并行判断的进程数。",
}
