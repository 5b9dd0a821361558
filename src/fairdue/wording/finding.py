"""What the check found: a verdict, codes, where in the words, the article, and a lawful way to say it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

from fairdue.core.errors import Lang
from fairdue.rules.reading import Reading, WrongFiles

HERE = Path(__file__).parent


class Verdict(IntEnum):
    """The stronger verdict is the greater."""

    PASS = 0
    REVIEW = 1
    BLOCK = 2

    @property
    def word(self) -> str:
        """As written in JSON."""
        return self.name.lower()


WORDS: dict[Verdict, dict[Lang, str]] = {
    Verdict.PASS: {"zh": "通过", "en": "pass"},
    Verdict.REVIEW: {"zh": "须复核", "en": "review"},
    Verdict.BLOCK: {"zh": "禁止", "en": "block"},
}


@dataclass(frozen=True, order=True)
class Span:
    """A place in the words as they were given; `turn` counts from 0 where there were turns."""

    turn: int
    start: int
    end: int
    code: str
    verdict: Verdict
    text: str
    why: str = ""  # id of the pattern, or 'model'

    def as_dict(self, *, talk: bool) -> dict[str, Any]:
        """For a program."""
        at = {"turn": self.turn} if talk else {}
        return {**at, "start": self.start, "end": self.end, "code": self.code, "verdict": self.verdict.word,
                "text": self.text, "why": self.why}  # fmt: skip


@dataclass(frozen=True)
class Code:
    """One kind of forbidden conduct: its title, its law per language of the words, and a lawful way to say the same."""

    id: str
    title: dict[Lang, str]
    articles: dict[Lang, tuple[str, ...]]
    confidence: str
    better: dict[Lang, str]


@dataclass(frozen=True)
class Finding:
    """The answer for one line."""

    id: object
    lang: Lang
    verdict: Verdict
    codes: tuple[str, ...]
    spans: tuple[Span, ...]
    talk: bool = False
    third: bool = False  # whoever reads it has no part in the debt

    @property
    def articles(self) -> tuple[str, ...]:
        """The law behind every code, each once."""
        known = load_codes()
        return tuple(dict.fromkeys(article for code in self.codes for article in known[code].articles[self.lang]))

    @property
    def better(self) -> str | None:
        """A lawful sentence for the gravest code; nothing where all is well."""
        if not self.codes:
            return None
        gravest = max(self.spans, key=lambda span: span.verdict).code if self.spans else self.codes[0]
        if gravest == "P10" and not self.third:  # to the debtor the lawful sentence is that nobody else is told
            gravest = "P11"
        return load_codes()[gravest].better[self.lang]

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {
            "id": self.id, "verdict": self.verdict.word, "codes": list(self.codes),
            "spans": [span.as_dict(talk=self.talk) for span in self.spans],
            "articles": list(self.articles), "better": self.better,
        }  # fmt: skip

    def as_text(self, lang: Lang) -> str:
        """For a person."""
        known, joint = load_codes(), "：" if lang == "zh" else ": "
        head = f"{self.id if self.id is not None else '-'}{joint}{WORDS[self.verdict][lang]}"
        lines = [f"  {span.code} {known[span.code].title[lang]} – {span.text}" for span in self.spans]
        articles = [f"  {'依据' if lang == 'zh' else 'law'}{joint}{'; '.join(self.articles)}"] if self.articles else []
        better = [f"  {'可以这样说' if lang == 'zh' else 'say'}{joint}{self.better}"] if self.better else []
        return "\n".join([head, *lines, *articles, *better])


@cache
def load_codes() -> dict[str, Code]:
    """The codes P01–P18. Raises `WrongFiles`."""
    reading = Reading(HERE / "codes.yaml", "wording/codes.yaml")
    made = {name: _code(reading, name, said) for name, said in (reading.data or {}).items()}
    if reading.faults:
        raise WrongFiles(reading.faults)
    return made


def _code(reading: Reading, name: str, said: Any) -> Code:
    reading.keys(said, ("title", "articles", "confidence", "better"), (), name)
    articles: dict[Lang, tuple[str, ...]] = {
        "zh": tuple(said["articles"].get("zh", ())), "en": tuple(said["articles"].get("en", ())),
    }  # fmt: skip
    return Code(name, reading.both(said, "title"), articles, str(said["confidence"]), reading.both(said, "better"))
