"""Files that came in by the API."""

from __future__ import annotations

import json

import click

from fairdue.commands import django, json_flag, language, says_faults


@click.group()
def books() -> None:
    """Files that came in by the API."""


@books.command("work")
@click.argument("number", type=int, required=False)
@json_flag
@says_faults
def books_work(number: int | None, as_json: bool) -> None:
    """Load the files that wait, or one of them; the API starts this by itself. Resumes what was killed."""
    django()
    from fairdue.jobs import uploads

    for row in uploads.work(language(), number):
        said = {"upload": row.pk, "state": row.state, "fault": row.fault or None, "batch": row.batch_id}
        click.echo(json.dumps(said, ensure_ascii=False) if as_json else f"{row.pk}: {row.state}")


COMMANDS = (books,)
CHINESE = {
    "books": "通过 API 送达的文件。",
    "books work": "导入等待中的文件，或只导入其中一个；由 API 自动启动。中断后再次运行即继续。",
}
ARGUMENTS = {
    "books work NUMBER": {
        "zh": "上传编号；不写则处理全部。",
        "en": "Number of the upload; all that wait where missing.",
    }
}
