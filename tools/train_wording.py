"""Trains the linear model of the wording check: `python tools/train_wording.py en` (needs scikit-learn; see docs/why/wording.md).

It learns from tests/wording/corpus/<lang>/train.jsonl and sets the two thresholds on answers that each come from a model
that did not see the sentence (five folds of train, and dev). The frozen test part is never read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from fairdue.wording import claims, lexicon, model
from fairdue.wording.match import Words
from fairdue.wording.said import read
from fairdue.wording.view import look
from fairdue.wording.view_zh import whole

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "tests" / "wording" / "corpus"
STRENGTH, FOLDS, SEED, FEW = 12.0, 5, 20261125, 6
LAWFUL_REVIEWED, LAWFUL_BLOCKED = 0.05, 0.03  # of lawful sentences in which patterns find nothing
Row = tuple[list[Any], frozenset[str], bool, bool]


def rows(path: Path, lang: str) -> list[Row]:
    """Features, codes, whether a pattern already speaks, and whether third persons read, of every judged turn together."""
    made = []
    for line in path.read_text("utf-8").splitlines():
        said = read(json.loads(line))
        text = " . ".join(turn.text for turn in said.turns if turn.judged)
        view = look(text, said.lang)
        words = Words(whole(view) if lang == "zh" else view, lexicon.load(said.lang), said)
        spoken = next(words.matches(), None) is not None or next(claims.claims(words), None) is not None
        made.append((model.features(words), frozenset(json.loads(line)["codes"]), spoken, said.third))
    return made


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


def limits(train: list[Row], dev: list[Row]) -> list[tuple[float, float]]:
    """For each kind of reader, the scores from which to ask for review and to block, by how many lawful sentences are hit."""
    x, y = matrix(train), np.array([bool(row[1]) for row in train])
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    unseen = cross_val_predict(learner(), x, y, cv=folds, method="decision_function")
    more = learner().fit(x, y).decision_function(matrix(dev)) if dev else np.zeros(0)
    every = [*zip(train, unseen, strict=True), *zip(dev, more, strict=True)]
    return [_limits(every, third=third) for third in (False, True)]


def _limits(every: list[tuple[Row, float]], *, third: bool) -> tuple[float, float]:
    silent = [(score, bool(codes)) for (_, codes, spoken, reader), score in every if not spoken and reader is third]
    lawful = np.array([score for score, wrong in silent if not wrong])
    wrong = np.array([score for score, wrong in silent if wrong])
    review, block = np.quantile(lawful, 1 - LAWFUL_REVIEWED), np.quantile(lawful, 1 - LAWFUL_BLOCKED)
    print(f"third persons {third}: patterns silent on {len(lawful)} lawful and {len(wrong)} unlawful sentences; of the "
          f"unlawful the model raises {(wrong >= review).mean():.3f}, blocks {(wrong >= block).mean():.3f}")  # fmt: skip
    return float(review), float(block)


def train(lang: str) -> None:
    """Train and write <lang>/model.npz."""
    seen = rows(CORPUS / lang / "train.jsonl", lang)
    dev = rows(CORPUS / lang / "dev.jsonl", lang)
    review, block = zip(*limits(seen, dev), strict=True)
    x = matrix(seen + dev)
    every = [row[1] for row in seen + dev]
    heads = [model.ANY, *sorted(code for code in set().union(*every) if sum(code in codes for codes in every) >= FEW)]
    fitted = [
        learner().fit(x, [bool(codes) if head == model.ANY else head in codes for codes in every]) for head in heads
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
