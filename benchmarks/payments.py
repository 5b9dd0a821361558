"""Matching of statement lines with known truth and realistic noise: time, precision and recall, beside a plain join.

The truth is drawn first, then what the payer wrote is spoilt: slips in references, names turned round or in pinyin, missing
references, relatives who pay, people of one name, sums that are no instalment.
"""

from __future__ import annotations

import random
import time
from typing import Any

import bench
import numpy as np
import polars as pl

from fairdue.core.matching import Debts, How, Lines, match
from fairdue.store import names

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红建华国志鹏飞云雪梅婷浩宇欣然子轩梓涵"


def main() -> None:
    said = bench.arguments(__doc__, lines=100_000, debts=100_000)
    draw = random.Random(20261125)  # noqa: S311 - a reproducible test set
    book, rows = debts(said.debts, draw), []
    rows = [line(book, draw) for _ in range(said.lines)]
    result = {
        "lines": said.lines,
        "debts": said.debts,
        "kernel": kernel(book, rows),
        "plain_join_polars": plain(book, rows),
    }
    bench.show(result | {"machine": bench.machine()}, as_json=said.json)


def debts(count: int, draw: random.Random) -> dict[str, list[Any]]:
    """Debts with numbers in a row, as lenders number them, names that repeat, tails, amounts somebody would pay."""
    made: dict[str, list[Any]] = {
        "number": [f"L{20260000000 + i}" for i in range(count)],
        "name": [],
        "tail": [],
        "amounts": [],
    }
    for _ in range(count):
        made["name"].append(draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2)))))
        made["tail"].append(f"{draw.randrange(10_000):04}" if draw.random() < 0.6 else "")
        owed = draw.randrange(10_000, 5_000_000)
        made["amounts"].append((owed, owed // 12))
    made["virtual"] = [f"9558{i:010}" if i % 5 == 0 else "" for i in range(count)]
    return made


def line(book: dict[str, list[Any]], draw: random.Random, of: int | None = None) -> dict[str, Any]:
    """One payment and whose it truly is (-1: nobody's debt); `of`: the debt it is for."""
    truth = draw.randrange(len(book["number"])) if of is None else of
    kind = draw.random()
    number, name, tail = book["number"][truth], book["name"][truth], book["tail"][truth]
    amount = draw.choice(book["amounts"][truth]) if draw.random() < 0.7 else draw.randrange(1_000, 500_000)
    if kind < 0.03:
        other = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=2))
        return {
            "truth": -1,
            "said": "货款",
            "name": other,
            "tail": f"{draw.randrange(10_000):04}",
            "amount": amount,
            "virtual": "",
        }
    said = _said(number, draw)
    return {"truth": truth, "said": said, "name": _name(name, draw), "tail": tail or f"{draw.randrange(10_000):04}",
            "amount": amount, "virtual": book["virtual"][truth] if draw.random() < 0.8 else ""}  # fmt: skip


def _said(number: str, draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.20:
        return draw.choice(("还款", "", "转账", "repayment"))
    if kind < 0.30:  # a slip: one figure wrong, two turned round, one lacking; often it is another's valid number
        at = draw.randrange(6, len(number) - 1)
        slip = (
            number[:at] + str(draw.randrange(10)) + number[at + 1 :],
            number[:at] + number[at + 1] + number[at] + number[at + 2 :],
            number[:at] + number[at + 1 :],
        )  # fmt: skip
        return "还款" + draw.choice(slip)
    return draw.choice(
        (f"还款{number}", f"{number} 还款谢谢", f"loan {number.lower()}", f"合同{number[:5]}-{number[5:]}")
    )


def _name(name: str, draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.08:
        return draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=2))  # a relative pays
    if kind < 0.12:
        return name[1:] + name[0]
    if kind < 0.18:
        from pypinyin import lazy_pinyin

        parts = [part.capitalize() for part in lazy_pinyin(name)]
        return (
            " ".join((parts[0], "".join(parts[1:])))
            if draw.random() < 0.5
            else f"{''.join(parts[1:])} {parts[0]}".upper()
        )
    if kind < 0.22:
        return name[:-1] + draw.choice(GIVEN)
    return name


def columns(book: dict[str, list[Any]], rows: list[dict[str, Any]]) -> tuple[Lines, Debts]:
    """Both sides as keys; part of what is timed."""
    count = len(book["number"])
    words = [(at, key) for at, row in enumerate(rows) for key in names.tokens(row["said"])]
    made = Debts(
        customer=np.arange(count), number=_keys(book["number"], names.key), virtual=_keys(book["virtual"], names.key),
        name=_keys(book["name"], names.key), folded=_keys(book["name"], names.fold), tail=_keys(book["tail"], names.tail),
        amount_of=np.repeat(np.arange(count), 2), amount=np.array([a for pair in book["amounts"] for a in pair]),
    )  # fmt: skip
    said = {name: [row[name] for row in rows] for name in ("name", "tail", "virtual", "amount")}
    lines = Lines(
        amount=np.array(said["amount"]), virtual=_keys(said["virtual"], names.key), name=_keys(said["name"], names.key),
        folded=_keys(said["name"], names.fold), tail=_keys(said["tail"], names.tail), payer=np.full(len(rows), -1),
        token_of=np.array([at for at, _ in words], np.int64), token=np.array([key for _, key in words], np.int64),
    )  # fmt: skip
    return lines, made


def _keys(texts: list[str], how: Any) -> Any:
    return np.array([how(text) for text in texts], np.int64)


def kernel(book: dict[str, list[Any]], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Ours, keys and all."""
    names.key.cache_clear()
    names.fold.cache_clear()
    start = time.perf_counter()
    found = match(*columns(book, rows))
    seconds = time.perf_counter() - start
    truth = np.array([row["truth"] for row in rows])
    top = np.zeros(len(rows), np.bool_)
    hit = truth[found.pair_line] == found.pair_debt
    top[found.pair_line[hit]] = True
    by_rule = {how.name: int((found.how == how).sum()) for how in How}
    return {"seconds": round(seconds, 2), **_score(found.debt, truth), "by_rule": by_rule,
            "of_the_rest_truth_among_candidates": round(float(top[(found.debt < 0) & (truth >= 0)].mean()), 4)}  # fmt: skip


def plain(book: dict[str, list[Any]], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The usual way: join on the reference as written, else on name and amount where only one debt has both."""
    start = time.perf_counter()
    debt = pl.DataFrame({"debt": range(len(book["number"])), "number": book["number"], "name": book["name"],
                         "virtual": book["virtual"], "a": [a for a, _ in book["amounts"]]})  # fmt: skip
    lines = pl.DataFrame(
        {"line": range(len(rows)), **{n: [r[n] for r in rows] for n in ("said", "name", "virtual", "amount")}}
    )
    lines = lines.with_columns(number=pl.col("said").str.to_uppercase().str.extract(r"(L\d{11})"))
    first = lines.join(debt.select("number", "debt"), on="number", how="inner").select("line", "debt")
    second = (
        lines.filter(pl.col("virtual") != "").join(debt.select("virtual", "debt"), on="virtual").select("line", "debt")
    )
    pairs = lines.join(debt.select("name", "a", "debt"), left_on=["name", "amount"], right_on=["name", "a"]).select(
        "line", "debt"
    )
    alone = pairs.filter(pl.len().over("line") == 1)
    whole = pl.concat([first, second, alone]).unique("line", keep="first", maintain_order=True)
    seconds = time.perf_counter() - start
    found = np.full(len(rows), -1, np.int64)
    found[whole["line"].to_numpy()] = whole["debt"].to_numpy()
    return {"seconds": round(seconds, 2), **_score(found, np.array([row["truth"] for row in rows]))}


def _score(found: Any, truth: Any) -> dict[str, Any]:
    made = found >= 0
    wrong = int((made & (found != truth)).sum())
    return {
        "matched": int(made.sum()), "false": wrong, "false_per_10000_lines": round(wrong * 10_000 / len(found), 3),
        "precision": round(1 - wrong / max(1, int(made.sum())), 6),
        "recall": round(int((made & (found == truth)).sum()) / max(1, int((truth >= 0).sum())), 4),
    }  # fmt: skip


if __name__ == "__main__":
    main()
