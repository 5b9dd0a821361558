"""Lists for a dialler and its results: `fairdue dialler export`, `fairdue dialler import`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fairdue.commands import django, json_flag, language, lender, lender_option, opened, progress, says_faults


@click.group()
def dialler() -> None:
    """Lists for a dialler, and what came of them."""


@dialler.command("export")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", required=True, help="Name of the list; the same name again goes on with it.")
@click.option("--owner", help="Only the cases of this collector.")
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="At most so many cases."
)
@click.option("--robot", is_flag=True, help="A robot calls: labelled as such, and counted by its own rule.")
@lender_option
@json_flag
@says_faults
def dialler_export(
    out: Path, name: str, owner: str | None, limit: int, robot: bool, lender_code: str | None, as_json: bool
) -> None:
    """Write the numbers that may be dialled now, each with its lawful window, and take their places in the ledger.

    Numbers stand in clear: the file is readable by its owner only. Stopped, it goes on when started again.
    """
    django()
    from fairdue.jobs import dialler as job
    from fairdue.store.actions.dialler import collector

    of = lender(lender_code)
    with progress(as_json) as report:
        found = job.export(of, out, name, owner=collector(of, owner) if owner else None, limit=limit, robot=robot,
                           report=report)  # fmt: skip
    click.echo(json.dumps(found.as_dict()) if as_json else f"{found.lines} → {found.file} ({found.refused})")


@dialler.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--words",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A YAML file of column names and outcomes.",
)
@click.option("--clock", "zone", help="Zone of times without an offset; by default the lender's.")
@lender_option
@json_flag
@says_faults
def dialler_import(file: Path, words: Path | None, zone: str | None, lender_code: str | None, *, as_json: bool) -> None:
    """Record what came of a list; the same file twice changes nothing, and what cannot be recorded goes to FILE.rejects.csv."""
    django()
    from fairdue.jobs import dialler as job
    from fairdue.rules.dialler import read_words, shipped

    of = lender(lender_code)
    opened(str(file)).close()
    with progress(as_json) as report:
        found = job.load(of, file, read_words(words) if words else shipped(), zone or of.zone, language(), report)
    if as_json:
        click.echo(json.dumps(found.as_dict()))
        return
    late = len(found.outside)
    zh = (
        f"读取 {found.read} 行，记录 {found.recorded}，重复 {found.again}，时段外拨打 {late}，未能记录 {found.rejected}"
    )
    en = f"read {found.read}, recorded {found.recorded}, again {found.again}, late {late}, rejected {found.rejected}"
    click.echo((zh if language() == "zh" else en) + (f": {found.rejects}" if found.rejects else ""))


COMMANDS = (dialler,)
ARGUMENTS = {
    "dialler export OUT": {"en": "The file to write.", "zh": "输出文件。"},
    "dialler import FILE": {"en": "The dialler's file of results (CSV).", "zh": "外呼系统的结果文件（CSV）。"},
}
CHINESE = {
    "dialler": "外呼名单及其结果。",
    "dialler export": "输出当前可拨打的号码及各自的合法时段，并在联系台账中占位。号码为明文，文件仅所有者可读。可中断后继续。",
    "dialler export --name": "名单名称；同名再次运行即继续。",
    "dialler export --owner": "仅该催收员的案件。",
    "dialler export --limit": "最多案件数。",
    "dialler export --robot": "机器人外呼：注明为自动语音，按其自身规则计次。",
    "dialler import": "记录名单的结果；同一文件重复导入不产生变化，无法记录的行写入 FILE.rejects.csv。",
    "dialler import --words": "列名与结果用语的 YAML 文件。",
    "dialler import --clock": "未带时差的时间所用时区；默认为本机构时区。",
}
