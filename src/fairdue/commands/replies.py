"""What came back by e-mail, on the command line: read a folder of mails."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from fairdue.commands import django, json_flag, language, lender, lender_option, progress, says_faults

SAID = {
    "BOUNCE": ("bounces", "退信"), "RECEIPT": ("receipts", "回执"), "AUTO": ("automatic answers", "自动回复"),
    "STOP": ("unsubscribed", "退订"), "WORDS": ("answers", "回复"), "OTHER": ("not about a message of ours", "与我方邮件无关"),
}  # fmt: skip


@click.group()
def replies() -> None:
    """What came back by e-mail: bounces, receipts, answers, wishes to hear no more."""


@replies.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--sender", "code", help="Code of the sender whose mails are answered; not needed where there is one.")
@lender_option
@click.option("--quiet", is_flag=True, help="Show no progress.")
@json_flag
@says_faults
def import_(folder: Path, code: str | None, lender_code: str | None, quiet: bool, as_json: bool) -> None:
    """Read a Maildir, an mbox file or a folder of .eml files; the same mail again changes nothing."""
    django()
    from fairdue.jobs import replies as job

    with progress(quiet or as_json) as report:
        done = job.import_folder(lender(lender_code), job.sender_of(code), folder, report)
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    zh = language() == "zh"
    said = [f"{SAID[name][zh]} {count}" for name, count in done.meanings.items()]
    joined = "，".join(said) if zh else ", ".join(said)
    click.echo(
        f"已读 {done.read} 封：{joined}；新信息 {done.new} 条"
        if zh
        else f"{done.read} mails: {joined}; new: {done.new}"
    )


COMMANDS = (replies,)
ARGUMENTS = {"replies import FOLDER": {"en": "Where the mails are.", "zh": "邮件所在位置。"}}
CHINESE = {
    "replies": "邮件回音：退信、回执、回复、退订。",
    "replies import": "读取 Maildir、mbox 文件或存放 .eml 的文件夹；同一封邮件再次读取不产生变化。",
    "replies import --sender": "被回复邮件的发送通道代码；只有一个时可省略。",
    "replies import --lender": "贷款机构代码；只有一家时可省略。",
    "replies import --quiet": "不显示进度。",
    "replies import --json": "输出一个 JSON 对象。",
}
