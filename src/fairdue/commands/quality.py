"""Recordings and the drawing of samples: what a scheduler runs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from fairdue.commands import Day, django, json_flag, language, lender, lender_option, progress, says_faults


@click.group()
def recordings() -> None:
    """Recordings and transcripts of contacts."""


@recordings.command("import")
@click.argument("manifest", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--folder", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Where the files are; by default beside the list.")  # fmt: skip
@click.option("--rejects", type=click.Path(path_type=Path), help="Where rejected rows go; by default beside the list.")
@lender_option
@json_flag
@says_faults
def recordings_import(
    manifest: Path, folder: Path | None, rejects: Path | None, lender_code: str | None, as_json: bool
) -> None:
    """Attach recordings to contacts by a list in CSV: attempt, or case and at; sound, transcript. Exit code 1 with rejects."""
    django()
    from fairdue.jobs import recordings as job

    with progress(as_json) as report:
        made = job.import_list(
            lender(lender_code), manifest, folder or manifest.parent,
            rejects or manifest.with_name(f"{manifest.stem}.rejects.csv"), actor="cli", lang=language(), progress=report,
        )  # fmt: skip
    click.echo(job.as_json(made) if as_json else job.as_text(made, language()))
    raise SystemExit(1 if made.rejected else 0)


@recordings.command("retain")
@click.option("--on", "on", type=Day(), help="The day; by default today.")
@lender_option
@json_flag
@says_faults
def recordings_retain(on: date | None, lender_code: str | None, as_json: bool) -> None:
    """Keep longer what must be kept longer, and delete recordings whose time is over; run it daily."""
    django()
    from fairdue.store import clock
    from fairdue.store.actions import recordings as acts

    of = lender(lender_code)
    made = acts.retain("cli", of, on or clock.business_date(clock.now_minute(), of.zone))
    zh, en = f"延长 {made.longer}，删除 {made.dropped}", f"kept longer {made.longer}, deleted {made.dropped}"
    click.echo(json.dumps(vars(made)) if as_json else zh if language() == "zh" else en)


@click.group()
def quality() -> None:
    """Which contacts are listened to."""


@quality.command("draw")
@click.option("--from", "first", type=Day(), required=True, help="First day of the contacts.")
@click.option("--to", "last", type=Day(), required=True, help="Last day of the contacts.")
@lender_option
@json_flag
@says_faults
def quality_draw(first: date, last: date, lender_code: str | None, as_json: bool) -> None:
    """Draw contacts to be reviewed: at random within each collector, and by risk; each says why."""
    django()
    from fairdue.store.actions import sampling

    made = sampling.draw("cli", lender(lender_code), first, last)
    if as_json:
        samples = [{"contact": s.attempt_id, "collector": s.collector.username, "why": s.why} for s in made.made]
        click.echo(json.dumps({"drawn": samples, "among": made.among, "again": made.again}))
        return
    zh = f"从 {made.among} 次联系中抽取 {len(made.made)} 次"
    en = f"{len(made.made)} drawn from {made.among} contacts"
    click.echo(zh if language() == "zh" else en)


@quality.command("self-cure")
@lender_option
@json_flag
@says_faults
def quality_self_cure(lender_code: str | None, as_json: bool) -> None:
    """Compare likely self-cures that were left alone with those held out and contacted: cure rates with intervals."""
    django()
    from fairdue.store import self_cure

    made = self_cure.measure(lender(lender_code))
    if as_json:
        click.echo(json.dumps(made.as_dict(), ensure_ascii=False))
        return
    for arm in made.arms:
        rate, low, high = (_percent(ppm) for ppm in (arm.cured.ppm, arm.cured.low_ppm, arm.cured.high_ppm))
        click.echo(f"{arm.title[language()]}: {arm.cured.part} / {arm.cured.whole} = {rate} ({low} – {high})")
    click.echo(made.says[language()])


def _percent(ppm: int | None) -> str:
    return "–" if ppm is None else f"{ppm / 10_000:.1f} %"


COMMANDS = (recordings, quality)
CHINESE = {
    "recordings": "联系的录音和录音文本。",
    "recordings import": "按 CSV 清单为联系附上录音：attempt，或 case 与 at；sound、transcript。有退回行时退出码为 1。",
    "recordings import --folder": "文件所在文件夹；默认与清单同处。",
    "recordings import --rejects": "退回行写入的文件；默认与清单同处。",
    "recordings retain": "应延长保存的予以延长，期满的录音予以删除；请每日运行。",
    "recordings retain --on": "日期；默认今天。",
    "quality": "抽取哪些联系进行质检。",
    "quality draw": "抽取待评审的联系：按催收员随机抽取，并按风险抽取；每条注明原因。",
    "quality self-cure": "比较有意不打扰与照常联系的预计自行还款案件：治愈率及其区间。",
    "quality draw --from": "联系日期的首日。",
    "quality draw --to": "联系日期的末日。",
}
ARGUMENTS = {
    "recordings import MANIFEST": {"zh": "CSV 清单。", "en": "The list in CSV."},
}
