"""The labelled sentences, and how the check answers them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from fairdue.wording import Finding, check, read

HERE = Path(__file__).parent / "corpus"
EXPECTED = ("verdict", "codes", "by")


def rows(lang: str, part: str) -> list[dict[str, Any]]:
    """One part of the corpus of a language."""
    return [json.loads(line) for line in (HERE / lang / f"{part}.jsonl").read_text("utf-8").splitlines()]


def answer(row: dict[str, Any]) -> Finding:
    """What the check says to a labelled line, without its label."""
    return check(read({key: value for key, value in row.items() if key not in EXPECTED}))


def counts(labelled: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """How often each expected verdict was answered by which."""
    return Counter((row["verdict"], answer(row).verdict.word) for row in labelled)


def recall(found: Counter[tuple[str, str]]) -> float:
    """Share of the forbidden that is blocked."""
    return found["block", "block"] / sum(n for (want, _), n in found.items() if want == "block")


def precision(found: Counter[tuple[str, str]]) -> float:
    """Share of the blocked that is forbidden."""
    return found["block", "block"] / sum(n for (_, got), n in found.items() if got == "block")
