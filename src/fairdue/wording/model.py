"""A small linear model over letters, words and meanings: it raises what the patterns miss. Trained by tools/train_wording.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from fairdue.core.errors import Lang
from fairdue.wording.finding import Verdict
from fairdue.wording.match import Words
from fairdue.wording.said import Said

HERE = Path(__file__).parent
BUCKETS = 1 << 16
GRAMS: dict[Lang, tuple[int, int]] = {"zh": (1, 4), "en": (2, 5)}
LONGEST_PHRASE = 3
DENIALS = frozenset(("not", "never", "no", "nobody", "none", "nothing", "cannot", "without"))
FREE = frozenset((",", ".", "?", "!", "but", "or", "unless", "until", "otherwise"))  # here a denial ends
ANY = "any"  # the head that says whether anything is wrong; the others say what


@dataclass(frozen=True)
class Suspect:
    """A code the model raises."""

    code: str
    verdict: Verdict


@dataclass(frozen=True)
class Model:
    """Weights per head, and the scores of the head 'any' from which the model asks for review or blocks."""

    heads: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    review: tuple[float, float]  # for those who are part of the debt, and for third persons
    block: tuple[float, float]


def features(words: Words) -> list[NDArray[np.int64]]:
    """The buckets of letters, of words, and of meanings with whether they are denied and who reads them."""
    text, lang = words.view.text, words.said.lang
    reader = "3" if words.said.third else "1"
    return [_buckets(_letters(text, lang)), _buckets(_phrases(text, lang, reader)), _buckets(_meanings(words, reader))]


def _letters(text: str, lang: Lang) -> Iterator[str]:
    low, high = GRAMS[lang]
    padded = f"^{text}$"
    return (padded[i : i + n] for n in range(low, high + 1) for i in range(len(padded) - n + 1))


def _phrases(text: str, lang: Lang, reader: str) -> Iterator[str]:
    said = list(_denied_words(text)) if lang == "en" else []
    for n in range(1, LONGEST_PHRASE + 1):
        for i in range(len(said) - n + 1):
            phrase = " ".join(said[i : i + n])
            yield f"w {phrase}"
            if n == 1:
                yield f"w{reader} {phrase}"


def _denied_words(text: str) -> Iterator[str]:
    """Every word; those that a denial before them in their clause reaches are marked."""
    denied = False
    for word in text.split():
        denied = denied and word not in FREE
        yield f"~{word}" if denied else word
        denied = denied or word in DENIALS


def _meanings(words: Words, reader: str) -> Iterator[str]:
    found = sorted({(slot, words.denied(hits[0])) for slot, hits in words.by_slot.items()})
    for i, (slot, no) in enumerate(found):
        yield f"s{no} {slot}"
        yield f"s{reader}{no} {slot}"
        for other, other_no in found[i + 1 :]:
            yield f"p{no}{other_no} {slot} {other}"


def _buckets(parts: Iterable[str]) -> NDArray[np.int64]:
    return np.unique(np.fromiter((crc32(p.encode("utf-8", "replace")) % BUCKETS for p in parts), dtype=np.int64))


@cache
def load(lang: Lang) -> Model | None:
    """The shipped model of a language; none where none was trained."""
    path = HERE / lang / "model.npz"
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as data:
        heads = tuple(str(head) for head in data["heads"])
        review, block = (tuple(np.broadcast_to(data[name], 2).tolist()) for name in ("review", "block"))
        return Model(heads, data["weights"], data["scale"], data["bias"], review, block)


def scores(model: Model, found: list[NDArray[np.int64]]) -> NDArray[np.float32]:
    """Log-odds per head: every group of features weighs by the root of how many it found."""
    total = np.zeros(len(model.heads), dtype=np.float32)
    for at in found:
        if len(at):
            total += model.weights[at].sum(axis=0, dtype=np.int64) / np.float32(len(at) ** 0.5)
    result: NDArray[np.float32] = total * model.scale + model.bias
    return result


def suspects(words: Words, found: set[str]) -> Iterator[Suspect]:
    """The code the model finds likeliest, where patterns found nothing and it is sure enough that something is wrong."""
    model = load(words.said.lang)
    if model is None or found:
        return
    said = scores(model, features(words))
    at, reader = model.heads.index(ANY), int(words.said.third)
    if said[at] >= model.review[reader] and not words.borne_out():
        code = max((head for head in model.heads if head != ANY), key=lambda head: said[model.heads.index(head)])
        if _may(code, words.said):
            yield Suspect(code, Verdict.BLOCK if said[at] >= model.block[reader] else Verdict.REVIEW)


def _may(code: str, said: Said) -> bool:
    """Not where what is known speaks against the code, or makes the claim true."""
    borne_out = {"P02": ("suit_filed", "court_document"), "P08": ("waiver_approved", "plan_approved"),
                 "P09": ("suit_filed", "judgment", "enforcement")}  # fmt: skip
    if (code == "P08" and said.amounts is not None) or (code == "P09" and said.deadlines is not None):
        return False  # figures were compared one by one
    if code == "P17":
        return said.flags.get("time_barred") is True
    return not (code == "P03" and said.sender != "agency") and not any(
        said.flags.get(f) for f in borne_out.get(code, ())
    )
