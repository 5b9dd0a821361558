"""Trains src/fairdue/wording/<lang>/model.npz; needs scikit-learn, which running does not.

python tools/train_wording.py zh
python tools/train_wording.py zh --tone train.csv       adds the comments of COLD as insults and as harmless; measured, and worse

Learns from train and dev; the thresholds come from scores out of fold (no sentence is scored by a model that saw it), so
that at most a given share of lawful sentences is raised. The test part is not read.
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from fairdue.wording import model, read
from fairdue.wording.lexicon import load
from fairdue.wording.match import Words
from fairdue.wording.said import Said
from fairdue.wording.view import look
from fairdue.wording.view_zh import whole

ROOT = Path(__file__).parent.parent
KNOWN_ONLY = {"P03", "P17", "P18"}  # these hang on who speaks and what is known, not on the words
LEAST = 8  # sentences a code needs for a head of its own
LAWFUL_BLOCKED, LAWFUL_REVIEWED = 0.012, 0.025
STRENGTH = 30.0
TONE_WEIGHT, OTHER_WEIGHT = 0.03, 0.2
SWAPS = {"zh": str.maketrans("你您", "您你"), "en": {}}


@dataclass
class Rows:
    """What is learnt from: n-grams, forbidden or not, codes, weight, and whether a third party reads it."""

    texts: list[str]
    bad: list[bool]
    codes: list[set[str]]
    weight: list[float]
    third: list[bool]
    meant: list[list[str]]
    source: list[int]  # sentences made from one another share a number and a fold

    def add(
        self, text: str, meant: list[str], bad: bool, codes: set[str], weight: float, third: bool, source: int
    ) -> None:
        """One more."""
        columns = (self.texts, self.meant, self.bad, self.codes, self.weight, self.third, self.source)
        for column, value in zip(columns, (text, meant, bad, codes, weight, third, source), strict=True):
            column.append(value)  # type: ignore[attr-defined]


def main() -> None:
    """Train, choose thresholds, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lang", choices=["zh", "en"])
    parser.add_argument("--tone", type=Path)
    said = parser.parse_args()
    rows = collect(said.lang)
    if said.tone:
        tone(rows, said.tone)
    heads, fitted, limits = train(rows, said.lang)
    write(said.lang, heads, fitted, limits)


def collect(lang: str) -> Rows:
    """Sentences of train and dev whose label hangs on the words alone, each also with the other form of address."""
    rows = Rows([], [], [], [], [], [], [])
    for part in ("train", "dev"):
        for line in (ROOT / f"tests/wording/corpus/{lang}/{part}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            said = read(row)
            bad, codes = row["verdict"] == "block", set(row["codes"]) - KNOWN_ONLY
            if row["verdict"] == "review" or (bad and (not codes or said.flags or said.amounts or said.deadlines)):
                continue
            text, meant = plain(said)
            rows.add(text, meant, bad, codes, 1.0, said.third, len(rows.texts))
            if (other := text.translate(SWAPS[lang])) != text:
                rows.add(other, meant, bad, codes, OTHER_WEIGHT, said.third, rows.source[-1])
    return rows


def plain(said: Said) -> tuple[str, list[str]]:
    """The folded text and its meanings, as the model sees them when the check runs."""
    views = [look(turn.text, said.lang) for turn in said.turns if turn.judged]
    views = [whole(view) if said.lang == "zh" else view for view in views]
    meant = {slot for view in views for slot in Words(view, load(said.lang), said).by_slot}
    return " ".join(view.text for view in views), sorted(meant)


def tone(rows: Rows, path: Path) -> None:
    """Offensive comments as insults, the others as harmless, both at little weight."""
    with path.open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            offensive = row["label"] == "1"
            text, meant = plain(Said.of(row["TEXT"], "zh"))
            rows.add(text, meant, offensive, {"P05"} if offensive else set(), TONE_WEIGHT, False, len(rows.texts))


def matrix(rows: Rows, lang: Any) -> csr_matrix:
    """A row a text: its n-grams, of length one together, and its meanings."""
    found = [model.grams(text, lang) for text in rows.texts]
    meant = [model.meanings(slots) for slots in rows.meant]
    ends = np.cumsum([0, *(len(at) + len(of) for at, of in zip(found, meant, strict=True))])
    columns = [part for pair in zip(found, meant, strict=True) for part in pair]
    values = [
        part
        for at, of in zip(found, meant, strict=True)
        for part in (np.full(len(at), max(len(at), 1) ** -0.5), np.full(len(of), model.MEANING_WEIGHT))
    ]
    shape = (len(rows.texts), model.BUCKETS + model.MEANINGS)
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)


def train(rows: Rows, lang: str) -> tuple[list[str], list[Any], dict[str, tuple[float, float]]]:
    """One classifier a head, and the limits of the two that decide."""
    x, third, weight = matrix(rows, lang), np.array(rows.third), np.array(rows.weight)
    bad, source = np.array(rows.bad), np.array(rows.source)
    heads, fitted, limits = [], [], {}
    for head, mask in ((model.ANY, ~third), (model.THIRD, third)):
        heads.append(head)
        fitted.append(fit(x[mask], bad[mask], weight[mask]))
        limits[head] = thresholds(x[mask], bad[mask], weight[mask], source[mask], head)
    for code in sorted(set().union(*rows.codes)):
        has = np.array([code in codes for codes in rows.codes])
        if (has & ~third).sum() >= LEAST:
            heads.append(code)
            fitted.append(fit(x[~third & bad], has[~third & bad], weight[~third & bad]))
    return heads, fitted, limits


def fit(x: csr_matrix, y: np.ndarray, weight: np.ndarray) -> LogisticRegression:
    """Logistic regression, both sides weighed alike."""
    return LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced").fit(x, y, sample_weight=weight)


def thresholds(x: csr_matrix, y: np.ndarray, weight: np.ndarray, source: np.ndarray, head: str) -> tuple[float, float]:
    """From which score to review and to block, so that few lawful sentences of the corpus are raised."""
    own = weight == 1.0
    _, first = np.unique(source, return_index=True)
    score = np.zeros(len(y))
    folds = StratifiedKFold(8, shuffle=True, random_state=7).split(first, y[first])
    for _, held in folds:
        inside = np.isin(source, source[first[held]])
        score[inside] = fit(x[~inside], y[~inside], weight[~inside]).decision_function(x[inside])
    lawful, bad = score[own & ~y], score[own & y]
    review, block = (float(np.quantile(lawful, 1 - share)) for share in (LAWFUL_REVIEWED, LAWFUL_BLOCKED))
    print(f"{head}: {len(bad)} forbidden, {len(lawful)} lawful; alone out of fold it blocks {np.mean(bad >= block):.3f} "
          f"and reviews {np.mean(bad >= review):.3f} of the forbidden (from {block:.2f} and {review:.2f})")  # fmt: skip
    return review, block


def write(lang: str, heads: list[str], fitted: list[Any], limits: dict[str, tuple[float, float]]) -> None:
    """Weights as whole numbers from -127 to 127, with a scale a head."""
    weights = np.stack([one.coef_[0] for one in fitted], axis=1)
    scale = np.abs(weights).max(axis=0) / 127
    path = ROOT / f"src/fairdue/wording/{lang}/model.npz"
    np.savez_compressed(
        path, heads=np.array(heads), weights=np.rint(weights / scale).astype(np.int8), scale=scale.astype(np.float32),
        bias=np.array([one.intercept_[0] for one in fitted], np.float32),
        review=np.array([limits.get(head, (np.inf, np.inf))[0] for head in heads], np.float32),
        block=np.array([limits.get(head, (np.inf, np.inf))[1] for head in heads], np.float32),
    )  # fmt: skip
    print(f"{path.relative_to(ROOT)}: {len(heads)} heads, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
