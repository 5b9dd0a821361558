"""The wording check on sentences it was not built on: precision and recall per code and language, and time per check."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import bench
import numpy as np

from fairdue.wording import Finding, Said, Verdict, check, read
from fairdue.wording.finding import load_codes

CORPUS = Path(__file__).parent.parent / "tests" / "wording" / "corpus"
LABELS = ("verdict", "codes", "by")


def main() -> None:
    said = bench.arguments(__doc__, rounds=3)
    result: dict[str, Any] = {lang: measured(lang, said.rounds) for lang in ("zh", "en")}
    bench.show(result | {"machine": bench.machine()}, as_json=said.json)


def measured(lang: str, rounds: int) -> dict[str, Any]:
    """The frozen test part of a language."""
    lines = [json.loads(line) for line in (CORPUS / lang / "test.jsonl").read_text("utf-8").splitlines()]
    saids = [read({key: value for key, value in line.items() if key not in LABELS}) for line in lines]
    check(saids[0])  # reads the lexicon
    found = [check(said) for said in saids]
    verdicts = Counter((line["verdict"], one.verdict.word) for line, one in zip(lines, found, strict=True))
    kept, asked = (share(verdicts[word, word], sum_of(verdicts, 0, word)) for word in ("pass", "review"))
    return {
        "sentences": len(lines), "forbidden": sum(line["verdict"] == "block" for line in lines),
        **whole(verdicts), "lawful that pass": kept, "to be reviewed that are": asked,
        **{f"{code} recall, precision": one for code, one in per_code(lines, found).items()}, **timed(saids, rounds),
    }  # fmt: skip


def whole(verdicts: Counter[tuple[str, str]]) -> dict[str, float]:
    """Of what is forbidden, how much is blocked; of what is blocked, how much is forbidden."""
    right = verdicts["block", "block"]
    return {
        "forbidden that is blocked (recall)": share(right, sum_of(verdicts, 0, "block")),
        "blocked that is forbidden (precision)": share(right, sum_of(verdicts, 1, "block")),
    }


def sum_of(verdicts: Counter[tuple[str, str]], side: int, word: str) -> int:
    return sum(times for pair, times in verdicts.items() if pair[side] == word)


def share(part: int, of: int) -> float:
    return round(part / of, 3) if of else float("nan")


def per_code(lines: list[dict[str, Any]], found: list[Finding]) -> dict[str, str]:
    """Recall: the sentence is blocked under that code. Precision: what is blocked under it is forbidden, if under another."""
    return {code: one for code in load_codes() if (one := row(code, lines, found))}


def row(code: str, lines: list[dict[str, Any]], found: list[Finding]) -> str:
    blocked = [any(s.code == code and s.verdict is Verdict.BLOCK for s in one.spans) for one in found]
    meant = [line["verdict"] == "block" and code in line["codes"] for line in lines]
    bad = [line["verdict"] == "block" for line in lines]
    right = sum(b and m for b, m in zip(blocked, meant, strict=True))
    fair = sum(b and m for b, m in zip(blocked, bad, strict=True))
    return (
        f"{share(right, sum(meant)):.3f}  {share(fair, sum(blocked)):.3f}  ({sum(meant)} sentences)"
        if sum(meant)
        else ""
    )


def timed(saids: list[Said], rounds: int) -> dict[str, float]:
    """Each sentence alone, again and again; time of the processor, which other work on the machine does not lengthen."""
    took = []
    for said in saids * rounds:
        begun = time.thread_time()
        check(said)
        took.append((time.thread_time() - begun) * 1000)
    return {
        "milliseconds a check, p50": round(float(np.median(took)), 2),
        "milliseconds a check, p95": round(float(np.quantile(took, 0.95)), 2),
    }


if __name__ == "__main__":
    main()
