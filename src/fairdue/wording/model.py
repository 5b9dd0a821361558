"""A small linear model over character n-grams and the meanings found: it raises what the patterns miss (tools/train_wording.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from fairdue.core.errors import Lang
from fairdue.wording.finding import Verdict
from fairdue.wording.said import Said

HERE = Path(__file__).parent
BUCKETS, MEANINGS = 1 << 15, 1 << 12  # rows of the weights: for n-grams, and behind them for meanings
MEANING_WEIGHT = 0.3  # an n-gram weighs 1 ÷ √(their number)
GRAMS: dict[Lang, tuple[int, int]] = {"zh": (1, 3), "en": (2, 5)}
ANY, THIRD = "any", "any3"  # heads: forbidden towards somebody who owes, towards a third party
TO_THIRD = "P10"


@dataclass(frozen=True)
class Model:
    """Weights per head, and the scores from which `any` and `any3` ask for review or block."""

    heads: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    review: NDArray[np.float32]
    block: NDArray[np.float32]


def grams(text: str, lang: Lang) -> NDArray[np.int64]:
    """The buckets of the n-grams of a folded text, each once."""
    low, high = GRAMS[lang]
    padded = f"^{text}$"
    parts = {padded[i : i + n] for n in range(low, high + 1) for i in range(len(padded) - n + 1)}
    buckets = {crc32(part.encode("utf-8", "replace")) % BUCKETS for part in parts}
    return np.fromiter(sorted(buckets), dtype=np.int64, count=len(buckets))


def meanings(slots: Iterable[str]) -> NDArray[np.int64]:
    """The rows of the meanings (slots of the lexicon) found in a text."""
    rows = {BUCKETS + crc32(slot.encode()) % MEANINGS for slot in slots}
    return np.fromiter(sorted(rows), dtype=np.int64, count=len(rows))


@cache
def load(lang: Lang) -> Model | None:
    """The shipped model of a language; none where none was trained."""
    path = HERE / lang / "model.npz"
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as data:
        names = ("weights", "scale", "bias", "review", "block")
        return Model(tuple(str(head) for head in data["heads"]), *(data[name] for name in names))


def scores(model: Model, text: str, slots: Iterable[str], lang: Lang) -> NDArray[np.float32]:
    """Log-odds per head."""
    at = grams(text, lang)
    letters, meant = (model.weights[rows].sum(axis=0, dtype=np.int64) for rows in (at, meanings(slots)))
    summed = letters * max(len(at), 1) ** -0.5 + meant * MEANING_WEIGHT
    found: NDArray[np.float32] = (summed * model.scale + model.bias).astype(np.float32)
    return found


def suspect(text: str, slots: Iterable[str], said: Said) -> tuple[str, Verdict] | None:
    """The likeliest code of a folded text and what the model asks for; nothing where it sees no harm."""
    model = load(said.lang)
    if model is None:
        return None
    found = scores(model, text, slots, said.lang)
    head = model.heads.index(THIRD if said.third else ANY)
    if found[head] < model.review[head]:
        return None
    codes = [(float(score), name) for name, score in zip(model.heads, found, strict=True) if name not in (ANY, THIRD)]
    code = TO_THIRD if said.third else max(codes)[1]
    return code, Verdict.BLOCK if found[head] >= model.block[head] else Verdict.REVIEW
