"""Batches for a court on the command line: go through one, and take its files and its sheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from fairdue.commands import django, json_flag, language, progress, says_faults


@click.command("file-cases")
@click.option("--batch", "number", type=int, required=True, help="Number of the batch, as the desk shows it.")
@click.option("--user", "username", required=True, help="Username on whose behalf it is done.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the archive: files, one sheet, rejects."
)
@json_flag
@says_faults
def file_cases(number: int, username: str, out: Path | None, as_json: bool) -> None:
    """Prepare every case of a batch with its file and ask for approval; after a stop or a crash it goes on where it was."""
    django()
    from fairdue.jobs import filing as jobs

    user = _user(username)
    with progress(as_json) as report:
        batch = jobs.run_batch(user, number, language(), report)
    file = _archive(user, batch.pk, out) if out is not None else ""
    said = {"batch": batch.pk, "state": batch.state, "done": batch.position, "of": len(batch.cases),
            "rejects": batch.rejects, "file": file}  # fmt: skip
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(
        f"{batch.pk}: {batch.state}, {batch.position} / {len(batch.cases)}, {len(batch.rejects)} ✗  {file}".rstrip()
    )
    for row in batch.rejects:
        click.echo(f"  {row['case']}: {row[language()]}")


def _user(username: str) -> Any:
    from fairdue.store.models import User

    found = User.objects.filter(username=username).first()
    if found is None:
        raise click.UsageError(f"no user {username!r}")
    return found


def _archive(user: Any, batch: int, out: Path) -> str:
    from fairdue.store.actions import filing

    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = out / f"filing-{batch}.zip"
    with path.open("wb") as into:
        filing.archive(user, batch, into)
    return str(path)


COMMANDS = (file_cases,)
CHINESE = {
    "file-cases": "逐件准备一批同类案件的诉讼材料并提请审批；停止或崩溃后再次运行即从断点继续。",
    "file-cases --batch": "批次编号（见工作台）。",
    "file-cases --user": "以哪位用户的名义办理。",
    "file-cases --out": "存放压缩包的文件夹：材料、总表、未办理清单。",
}
