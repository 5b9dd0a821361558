"""The night: accrue → age → stage → segment → treat → guard → decide over partitions of customers, then assign and list.

Each partition's result is staged and ticked off in one transaction, so a killed night resumes where it stopped; the whole
is published in one transaction, so nobody ever sees half a night.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from fairdue.core import money
from fairdue.core.codes import Standing
from fairdue.core.errors import Lang
from fairdue.jobs.progress import Report, silent
from fairdue.steps import CHAIN
from fairdue.steps.assign import Floor, assign, lists
from fairdue.steps.state import STANDING, Config, State
from fairdue.store import chain, effort, queues
from fairdue.store import config as configs
from fairdue.store.actions import giving, legal_clocks, orders, plan_judge, settlement_judge
from fairdue.store.actions import night as action
from fairdue.store.columns import Columns, columns
from fairdue.store.facts import gather
from fairdue.store.models import NightRun, Organisation
from fairdue.store.staff import roster

ANCHORS = "audit-anchors.jsonl"  # in the home folder; to be copied to where the database cannot be written from
PARTITION = 20_000  # customers at a time: bounds the memory


@dataclass(frozen=True)
class Night:
    """What a night found."""

    run: NightRun
    summary: dict[str, Any]
    again: bool  # nothing had changed since the same night was published


def run_night(
    lender: Organisation,
    as_of: date,
    *,
    actor: str = "night",
    dry_run: bool = False,
    partition: int = PARTITION,
    progress: Report = silent,
) -> Night:
    """Run, or resume, the night of `as_of` for one lender's book.

    The result follows from the facts, the rules, the strategy and the date alone: a run that was killed and started
    again ends as one that was not.
    """
    if not dry_run:
        giving.give_back_lapsed(everything=True)
        orders.expire(actor, lender, as_of)
        plan_judge.of_lender(actor, lender, as_of)  # first: what a plan's state allows is a fact of the night
        settlement_judge.of_lender(actor, lender, as_of)
        legal_clocks.of_lender(actor, lender, as_of)  # and so is what has lapsed
    config = configs.build(lender, as_of)
    run = action.open_run(
        lender, _identity(lender, config, partition), config.pack, as_of=as_of,
        strategy_revision=config.strategy.revision,
    )  # fmt: skip
    if run.state == "PUBLISHED":
        return Night(run, run.summary, again=True)
    with columns() as db:
        _partitions(db, run, config, partition, progress)
        summary = _assign_and_list(db, run, config, progress)
    progress("publish", 0, 1)
    action.publish(run, summary, actor, dry_run=dry_run, fill=lambda: queues.fill(run, config.first, config.day_ends))
    if not dry_run:
        chain.append_anchor(Path(settings.HOME) / ANCHORS)
    progress("publish", 1, 1)
    return Night(run, summary, again=False)


def _identity(lender: Organisation, config: Config, partition: int) -> str:
    said = (lender.code, config.as_of.isoformat(), config.pack.revision, config.strategy.revision,
            str(partition), repr(config.self_cure), action.watermark())  # fmt: skip
    return sha256("\n".join(said).encode()).hexdigest()


def _ranges(db: Columns, lender_id: int, size: int) -> list[tuple[int, int]]:
    """Ranges of customer ids that hold up to `size` customers each and together all of them."""
    ids = db.read(
        f"SELECT DISTINCT customer_id FROM account WHERE lender_id = {int(lender_id)} ORDER BY customer_id",
        {"customer_id": pl.Int64},
    )["customer_id"]
    return [(int(ids[i]), int(ids[min(i + size, len(ids)) - 1])) for i in range(0, len(ids), size)]


def _partitions(db: Columns, run: NightRun, config: Config, size: int, progress: Report) -> None:
    done = set(run.parts.values_list("first_customer", flat=True))
    ranges = _ranges(db, run.lender_id, size) or [(0, -1)]  # an empty book makes an empty night
    for number, (first, last) in enumerate(ranges):
        progress("decide", number, len(ranges))
        if first not in done:
            _part(db, run, config, first, last)
    progress("decide", len(ranges), len(ranges))


def _part(db: Columns, run: NightRun, config: Config, first: int, last: int) -> None:
    facts = gather(db, run.lender_id, first, last, config.as_of, config.at)
    state = State.start(facts)
    for step in CHAIN:
        state = step(state, config)
    for table, frame in state.staged().items():
        db.stage(action.stage_name(run, table), frame)
    counts = pl.DataFrame({"run_id": [run.pk], "first_customer": [first], "last_customer": [last],
                           "cases": [state.cases.height], "accounts": [state.accounts.height]})  # fmt: skip
    db.stage("night_part", counts)
    db.commit()


CASES_READ = {
    "customer": pl.Int64, "case": pl.Int64, "in_arrears": pl.Boolean, "stage": pl.String, "balance": pl.Int64,
    "action": pl.Int8, "value": pl.Int64, "owner": pl.Int64, "aim": pl.Int8,
    "not_before": pl.Int64, "reason": pl.Int8,
}  # fmt: skip


def _assign_and_list(db: Columns, run: NightRun, config: Config, progress: Report) -> dict[str, Any]:
    progress("assign", 0, 1)
    found = db.read(f'SELECT * FROM "{action.stage_name(run, "cases")}"', CASES_READ).sort("customer")
    staged, people = action.stage_name(run, "cases"), roster(run.lender_id, config.as_of)
    took = effort.minutes(run.lender_id, config.at)
    floor = Floor(queues.asked(db, run.lender_id, staged), queues.aside(db, run.lender_id, staged), took)
    placed = lists(assign(found, people, floor), config, people, took)
    table = action.stage_name(run, "lists")
    db.execute(f'DROP TABLE IF EXISTS "{table}"')
    db.stage(table, placed)
    db.commit()
    progress("assign", 1, 1)
    standing = db.read(f'SELECT * FROM "{action.stage_name(run, "standing")}"', STANDING)
    without = f'SELECT COUNT(*) AS n FROM "{action.stage_name(run, "accrued")}" WHERE unknown'
    summary = summarise(found.filter("in_arrears"), placed, standing, config)
    return summary | {"terms_unknown": int(db.read(without, {"n": pl.Int64})["n"][0])}


def summarise(cases: pl.DataFrame, placed: pl.DataFrame, standing: pl.DataFrame, config: Config) -> dict[str, Any]:
    """The night's figures: accounts, cases, balance, a row per stage, how many places were given, and what was left out."""
    by_stage = cases.group_by("stage").agg(pl.len().alias("cases"), pl.col("balance").sum())
    found = {row["stage"]: row for row in by_stage.to_dicts()}
    stages = [
        {"stage": code, "cases": found.get(code, {}).get("cases", 0), "balance": found.get(code, {}).get("balance", 0)}
        for code in config.stages.codes[1:]
    ]
    return {
        "as_of": config.as_of.isoformat(),
        "accounts": int(standing["accounts"].sum()),
        "cases": cases.height,
        "balance": int(cases["balance"].sum()),
        "stages": stages,
        "listed": placed.filter(pl.col("position") > 0).height,
        "reconciliation": _reconciliation(standing),
    }


def _reconciliation(standing: pl.DataFrame) -> list[dict[str, Any]]:
    """Every account is in one row: what came in is what is in cases and what was left out, with the reason."""
    sums = standing.group_by("standing").agg(pl.col("accounts", "balance").sum())
    found = {row["standing"]: row for row in sums.to_dicts()}
    return [
        {"standing": s.name, "zh": s.zh, "en": s.en, "accounts": found.get(s, {}).get("accounts", 0),
         "balance": found.get(s, {}).get("balance", 0)}
        for s in Standing
    ]  # fmt: skip


def as_json(night: Night) -> str:
    """One JSON object, stable keys: what `fairdue night --json` prints."""
    lender = night.run.lender
    body = {"lender": lender.code, "currency": lender.currency, "exponent": lender.exponent, **night.summary}
    return json.dumps(body | {"state": night.run.state, "run": night.run.pk}, ensure_ascii=False)


def as_text(night: Night, lang: Lang) -> str:
    """The same for reading."""
    zh = lang == "zh"
    if night.again:
        head = "数据与规则均未变化，沿用已发布的结果。" if zh else "Nothing has changed since this night was published."
    elif night.run.state == "PUBLISHED":
        head = "已发布。" if zh else "Published."
    else:
        head = "试运行：已全部回滚。" if zh else "Dry run: everything was rolled back."
    return f"{table(night.run, night.summary, lang)}\n{head}"


def table(run: NightRun, summary: dict[str, Any], lang: Lang) -> str:
    """A row per stage and the totals."""
    lender, zh = run.lender, lang == "zh"

    def row(name: str, cases: int, balance: int) -> str:
        return f"  {name:<6}{cases:>8,}  {money.format_minor(balance, lender.exponent):>16}"

    rows = [row(s["stage"], s["cases"], s["balance"]) for s in summary["stages"]]
    accounts, cases, listed = (f"{summary[name]:,}" for name in ("accounts", "cases", "listed"))
    said = (
        f"{accounts} 个账户，{cases} 件在催，{listed} 件列入今日名单"
        if zh
        else f"{accounts} accounts, {cases} cases, {listed} on today's lists"
    )
    left = [
        f"  {s[lang]}: {s['accounts']:,} · {money.format_minor(s['balance'], lender.exponent)}"
        for s in summary["reconciliation"]
    ]
    total = row("合计" if zh else "total", summary["cases"], summary["balance"])
    if count := summary["terms_unknown"]:
        left.append(f"  {count:,} 个账户缺少利率或计息条件，未计息" if zh
                    else f"  {count:,} accounts lack a rate or another term: no interest was accrued on them")  # fmt: skip
    head = [f"{summary['as_of']}: {said}", f"  {'阶段' if zh else 'stage'} / {lender.currency}"]
    return "\n".join([*head, *rows, total, *left])
