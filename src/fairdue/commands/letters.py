"""Letters on the command line: print a batch, read a file of registered mail, set the letterhead, list the kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from fairdue.commands import django, json_flag, language, lender, lender_option, progress, says_faults


@click.group()
def letters() -> None:
    """Letters: kinds, letterhead, print batches, registered mail."""


def _user(username: str) -> Any:
    from fairdue.store.access import NotYours
    from fairdue.store.models import User

    found = User.objects.filter(username=username).first()
    if found is None:
        raise click.UsageError(str(NotYours(f"no user {username!r}")))
    return found


as_user = click.option("--user", "username", required=True, help="Username on whose behalf it is done.")


@letters.command("kinds")
@json_flag
@says_faults
def kinds(as_json: bool) -> None:
    """List the kinds of letter with what the law asks each to hold."""
    from fairdue.rules.letters import load_letters

    lang = language()
    rows = [
        {"kind": kind.id, "title": kind.title[lang], "asks": [ask.id for ask in kind.asks],
         "holds": [f"{law.instrument[lang]} ({law.confidence}): {one.title[lang]}"
                   for law in kind.laws for one in law.elements.values()]}
        for kind in load_letters().values()
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\n  ".join([f"{row['kind']}  {row['title']}", *row["holds"]]))


@letters.command("head")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--seal", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Picture of the seal, PNG or SVG."
)
@lender_option
@json_flag
@says_faults
def head(file: Path, seal: Path | None, lender_code: str | None, as_json: bool) -> None:
    """Set the letterhead from a YAML file: address_zh, address_en, pay_zh, pay_en, hotline, website, large_minor."""
    django()
    import yaml

    from fairdue.store.actions import letterheads

    said = letterheads.Head(**yaml.safe_load(file.read_text("utf-8")))
    made = letterheads.set_head("command", lender(lender_code), said, seal.read_bytes() if seal else None)
    click.echo(json.dumps({"letterhead": made.pk}) if as_json else "ok")


@letters.command("print")
@click.option("--batch", "number", type=int, required=True, help="Number of the batch.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the print files and the list."
)
@as_user
@json_flag
@says_faults
def print_batch(number: int, out: Path | None, username: str, as_json: bool) -> None:
    """Send out and bind a batch of letters; run again after a stop or a crash, it goes on where it was."""
    django()
    from fairdue.jobs import letters as jobs

    user = _user(username)
    with progress(as_json) as report:
        batch = jobs.print_batch(user, number, report)
    files = _export(user, batch, out) if out is not None and batch.state == "DONE" else []
    said = {
        "batch": batch.pk,
        "state": batch.state,
        "volumes": batch.volumes.count(),
        "rejects": batch.rejects,
        "files": files,
    }
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(f"{batch.pk}: {batch.state}, {said['volumes']} PDF, {len(batch.rejects)} ✗")
    for row in batch.rejects:
        click.echo(f"  {row['case']}: {row[language()]}")


def _export(user: Any, batch: Any, out: Path) -> list[str]:
    from fairdue.store.actions import letter_batches as acts

    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    names = []
    for number in (None, *batch.volumes.values_list("number", flat=True)):
        name, _, content = acts.fetch(user, batch.pk, number)
        (out / name).write_bytes(content)
        names.append(str(out / name))
    return names


@letters.command("registered")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping", default="china-post", show_default=True, help="How its columns are named (rules/letters/mail.yaml)."
)
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the rows that fit nothing."
)
@as_user
@json_flag
@says_faults
def registered(file: Path, mapping: str, rejects: Path | None, username: str, as_json: bool) -> None:
    """Read a file of registered mail (CSV, Excel): item numbers, dispatch, delivery, return. Again, it changes nothing."""
    django()
    from fairdue.logaudit.mail import import_mail
    from fairdue.store.actions import letter_files

    user = _user(username)
    read = import_mail(user, file, mapping, language())
    row = read.file
    if rejects is not None and row.rejects is not None:
        rejects.write_bytes(letter_files.fetch(user, row.pk)[1])
    said = {
        "read": row.rows_read,
        "new": row.rows_new,
        "known": row.rows_known,
        "rejected": row.rows_rejected,
        "again": read.again,
    }
    click.echo(json.dumps(said) if as_json else "  ".join(f"{name} {value}" for name, value in said.items()))


COMMANDS = (letters,)
CHINESE = {
    "letters": "信函：种类、信头、打印批次、挂号信回单。",
    "letters kinds": "列出信函种类及各自的法定内容。",
    "letters kinds --json": "输出一个 JSON 数组。",
    "letters head": "从 YAML 文件设置信头：address_zh、address_en、pay_zh、pay_en、hotline、website、large_minor。",
    "letters head --seal": "印章图片，PNG 或 SVG。",
    "letters head --lender": "机构代码；只有一家时不需要。",
    "letters head --json": "输出一个 JSON 对象。",
    "letters print": "签发并合并一个批次的信函；停止或崩溃后再次运行即从断点继续。",
    "letters print --batch": "批次编号。",
    "letters print --out": "存放打印文件和清单的文件夹。",
    "letters print --user": "以哪位用户的名义办理。",
    "letters print --json": "输出一个 JSON 对象。",
    "letters registered": "读取挂号信回单（CSV、Excel）：邮件号、收寄、妥投、退回。重复读取不产生变化。",
    "letters registered --mapping": "列名的对应方式（rules/letters/mail.yaml）。",
    "letters registered --rejects": "无法对应的行写到哪个文件。",
    "letters registered --user": "以哪位用户的名义办理。",
    "letters registered --json": "输出一个 JSON 对象。",
}
ARGUMENTS = {
    "letters head FILE": {"en": "YAML file of the letterhead.", "zh": "信头的 YAML 文件。"},
    "letters registered FILE": {"en": "The post's file.", "zh": "邮政回单文件。"},
}
