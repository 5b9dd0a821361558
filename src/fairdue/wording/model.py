"""A small linear model over character n-grams: it raises what the patterns miss. Trained by tools/train_wording.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from fairdue.core.errors import Lang
from fairdue.wording.finding import Verdict
from fairdue.wording.said import Said
from fairdue.wording.view import View

HERE = Path(__file__).parent
BUCKETS = 1 << 15
GRAMS: dict[Lang, tuple[int, int]] = {"zh": (1, 4), "en": (2, 5)}


@dataclass(frozen=True)
class Suspect:
    """A code the model raises."""

    code: str
    verdict: Verdict


@dataclass(frozen=True)
class Model:
    """Weights per head (a code among readers of one kind), and the scores from which it asks for review or blocks."""

    heads: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    review: NDArray[np.float32]
    block: NDArray[np.float32]


def grams(text: str, lang: Lang) -> NDArray[np.int64]:
    """The buckets of the n-grams of a folded text, each once."""
    low, high = GRAMS[lang]
    padded = f"^{text}$".encode() if lang == "en" else f"^{text}$"
    parts = {padded[i : i + n] for n in range(low, high + 1) for i in range(len(padded) - n + 1)}
    raw = (part if isinstance(part, bytes) else part.encode("utf-8", "replace") for part in parts)
    return np.fromiter((crc32(part) % BUCKETS for part in raw), dtype=np.int64, count=len(parts))


@cache
def load(lang: Lang) -> Model | None:
    """The shipped model of a language; none where none was trained."""
    path = HERE / lang / "model.npz"
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as data:
        return Model(
            tuple(str(h) for h in data["heads"]),
            data["weights"],
            data["scale"],
            data["bias"],
            data["review"],
            data["block"],
        )


def scores(model: Model, text: str, lang: Lang) -> NDArray[np.float32]:
    """Log-odds per head."""
    at = grams(text, lang)
    norm = max(len(at), 1) ** 0.5
    found: NDArray[np.float32] = model.weights[at].sum(axis=0, dtype=np.int64).astype(np.float32) / np.float32(norm)
    return found * model.scale + model.bias


def suspects(view: View, said: Said, found: set[str]) -> Iterator[Suspect]:
    """The codes the model raises beyond those already found. Heads end in '3' where they are for third parties."""
    model = load(said.lang)
    if model is None:
        return
    for head, score, review, block in zip(
        model.heads, scores(model, view.text, said.lang), model.review, model.block, strict=True
    ):
        if head[:3] not in found and head.endswith("3") is said.third and score >= review:
            yield Suspect(head[:3], Verdict.BLOCK if score >= block else Verdict.REVIEW)
