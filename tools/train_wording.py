"""Trains the linear model of the wording check: `python tools/train_wording.py en` (needs scikit-learn; see docs/why/wording.md).

It learns from train.jsonl and dev.jsonl of tests/wording/corpus/<lang>, and sets the two thresholds on answers that each come
from a model that did not see the sentence (five folds). The frozen test part is never read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from fairdue.wording import claims, lexicon, model
from fairdue.wording.match import Words
from fairdue.wording.said import Said, read
from fairdue.wording.view import look
from fairdue.wording.view_zh import whole

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "tests" / "wording" / "corpus"
BY_FACTS = {"P03", "P17", "P18"}
STRENGTH, FOLDS, SEED, FEW = 12.0, 5, 20261125, 6
LAWFUL = {"zh": (0.035, 0.03), "en": (0.05, 0.02)}  # shares of lawful sentences that may be reviewed, and blocked
OTHER_ADDRESS, OTHER_WEIGHT = str.maketrans("你您", "您你"), 0.3  # how politely it is said must not decide
Row = tuple[list[Any], frozenset[str], bool, float, bool]


def rows(path: Path, lang: str) -> list[Row]:
    """Features, codes, whether patterns already speak, weight, whether third persons read; of every judged turn together.

    Sentences whose label hangs on what is known or on who speaks teach nothing about words and are left out.
    """
    made = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        said = read(row)
        codes = frozenset(row["codes"] if row["verdict"] == "block" else ())
        if row["verdict"] == "review" or (codes and (row.get("known") or codes <= BY_FACTS)):
            continue
        text = " . ".join(turn.text for turn in said.turns if turn.judged)
        made.append(row_of(text, said, codes, 1.0))
        if lang == "zh" and (other := text.translate(OTHER_ADDRESS)) != text:
            made.append(row_of(other, said, codes, OTHER_WEIGHT))
    return made


def row_of(text: str, said: Said, codes: frozenset[str], weight: float) -> Row:
    """One row."""
    view = look(text, said.lang)
    words = Words(whole(view) if said.lang == "zh" else view, lexicon.load(said.lang), said)
    spoken = next(words.matches(), None) is not None or next(claims.claims(words), None) is not None
    return model.features(words), codes, spoken, weight, said.third


def matrix(found: list[Row]) -> csr_matrix:
    """One row a sentence; each group of features has length one."""
    at, value, ends = [], [], [0]
    for groups, *_ in found:
        for group in groups:
            at.extend(group.tolist())
            value.extend([max(len(group), 1) ** -0.5] * len(group))
        ends.append(len(at))
    return csr_matrix((value, at, ends), shape=(len(found), model.BUCKETS))


def learner() -> LogisticRegression:
    """A plain logistic regression."""
    return LogisticRegression(C=STRENGTH, max_iter=1000, class_weight="balanced")


def limits(every: list[Row], lang: str) -> list[tuple[float, float]]:
    """For those in the debt and for third persons: from which scores to review and to block, by how many lawful are hit."""
    x, y, weight = matrix(every), np.array([bool(row[1]) for row in every]), np.array([row[3] for row in every])
    sentence = np.cumsum(weight == 1.0)  # the copies of a sentence follow it and stay in its fold
    unseen = np.zeros(len(every))
    for known, held in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED).split(x, y, sentence):
        unseen[held] = learner().fit(x[known], y[known], sample_weight=weight[known]).decision_function(x[held])
    silent = np.array([not row[2] for row in every]) & (weight == 1.0)
    third = np.array([row[4] for row in every])
    return [_limits(unseen[silent & reader], y[silent & reader], lang) for reader in (~third, third)]


def _limits(unseen: Any, wrong: Any, lang: str) -> tuple[float, float]:
    review, block = (np.quantile(unseen[~wrong], 1 - share) for share in LAWFUL[lang])
    print(f"patterns silent on {(~wrong).sum()} lawful and {wrong.sum()} unlawful sentences; of the unlawful the model raises "
          f"{(unseen[wrong] >= review).mean():.3f}, blocks {(unseen[wrong] >= block).mean():.3f}")  # fmt: skip
    return float(review), float(block)


def train(lang: str) -> None:
    """Train and write <lang>/model.npz."""
    every = [row for part in ("train", "dev") for row in rows(CORPUS / lang / f"{part}.jsonl", lang)]
    review, block = zip(*limits(every, lang), strict=True)
    x, weight = matrix(every), [row[3] for row in every]
    said = [codes for _, codes, *_ in every]
    heads = [model.ANY, *sorted(code for code in set().union(*said) if sum(code in codes for codes in said) >= FEW)]
    fitted = [
        learner().fit(x, [bool(codes) if head == model.ANY else head in codes for codes in said], sample_weight=weight)
        for head in heads
    ]
    weights = np.stack([one.coef_[0] for one in fitted], axis=1)
    scale = np.abs(weights).max(axis=0) / 127
    np.savez_compressed(
        ROOT / "src" / "fairdue" / "wording" / lang / "model.npz", heads=np.array(heads),
        weights=np.round(weights / scale).astype(np.int8), scale=scale.astype(np.float32),
        bias=np.array([one.intercept_[0] for one in fitted], dtype=np.float32), review=review, block=block,
    )  # fmt: skip


if __name__ == "__main__":
    for name in sys.argv[1:] or ["zh", "en"]:
        train(name)
