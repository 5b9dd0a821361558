"""An invented log of a dialler, of any size: the same contacts every time, a few of them too early, too late or too many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

SLICE = 500_000
DAYS = 90
FIRST_DAY = 1_767_196_800  # 2026-01-01 00:00 in Shanghai, seconds since 1970 UTC
CONTACTS_EACH = 12
AGENCIES = ("华信", "中邦", "信达资管", "衡远", "佳联", "安泰")
RESULTS = ("接通", "无人接听", "关机", "占线", "接通", "无法接通")
# Of 1,000 calls, how many begin in each hour of the day: the day's work, and a few where nobody should call.
HOURS = np.array([0, 0, 0, 0, 0, 0, 1, 4, 70, 110, 120, 80, 45, 70, 110, 110, 95, 70, 55, 35, 17, 5, 2, 1])


def write(path: Path, rows: int, seed: int = 7) -> None:
    """The log as CSV or Parquet, in the order of time within each slice of the period."""
    slices = max(1, -(-rows // SLICE))
    written = 0
    with path.open("wb") as file:
        for number in range(slices):
            size = min(SLICE, rows - written)
            frame = some(
                size, written, rows, np.random.default_rng([seed, number]), number / slices, (number + 1) / slices
            )
            file.write(frame.write_csv(include_header=number == 0).encode())
            written += size


def some(size: int, first: int, rows: int, rng: np.random.Generator, begins: float, ends: float) -> pl.DataFrame:
    """Some contacts between two parts of the period."""
    people = max(1, rows // CONTACTS_EACH)
    day = rng.integers(int(begins * DAYS), max(int(begins * DAYS) + 1, round(ends * DAYS)), size)
    hour = rng.choice(24, size, p=HOURS / HOURS.sum())
    second = FIRST_DAY + day * 86_400 + hour * 3_600 + rng.integers(0, 3_600, size)
    person = (rng.integers(0, people, size) * 7 + day // 9) % people  # a person is called often in some days, then not
    busy = rng.random(size) < 0.06
    person = np.where(busy, person % max(1, people // 1000), person)  # and some are called without end
    agency = person % len(AGENCIES)
    collector = agency * 80 + rng.integers(0, 70, size)
    talk = rng.random(size) < 0.6
    result = rng.integers(0, len(RESULTS), size)
    frame = pl.DataFrame({
        "second": second, "person": person, "agency": agency, "collector": collector, "talk": talk, "result": result,
        "second_number": rng.random(size) < 0.1, "talked": rng.random(size) < 0.5, "certified": rng.random(size) < 0.97,
    }).sort("second")  # fmt: skip
    answered = pl.col("result").is_in([0, 4])
    return frame.select(
        pl.format("T{}", (pl.int_range(pl.len()) + first + 1).cast(pl.String).str.zfill(9)).alias("通话ID"),
        pl.format("K{}", pl.col("person").cast(pl.String).str.zfill(8)).alias("客户编号"),
        (13_000_000_000 + pl.col("person") * 2 + pl.col("second_number").cast(pl.Int64)).alias("被叫号码"),
        (pl.from_epoch("second", "s") + pl.duration(hours=8)).dt.strftime("%Y-%m-%d %H:%M:%S").alias("开始时间"),
        pl.format("C{}", pl.col("collector")).alias("坐席工号"),
        pl.col("agency").replace_strict(dict(enumerate(AGENCIES)), return_dtype=pl.String).alias("催收机构"),
        pl.when("talk").then(pl.lit("人工")).otherwise(pl.lit("机器人")).alias("外呼方式"),
        pl.col("result").replace_strict(dict(enumerate(RESULTS)), return_dtype=pl.String).alias("通话状态"),
        pl.when(answered & pl.col("talk")).then(pl.when("talked").then(pl.lit("是")).otherwise(pl.lit("否"))).otherwise(
            pl.lit("否")).alias("有效通话"),
        pl.lit("合同预留").alias("号码来源"),
        pl.when("certified").then(pl.lit("是")).otherwise(pl.lit("否")).alias("持证"),
    )  # fmt: skip
