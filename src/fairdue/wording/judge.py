"""The check itself: words in, finding out."""

from __future__ import annotations

from collections.abc import Iterable

from fairdue.wording import claims, lexicon, model
from fairdue.wording.finding import Finding, Span, Verdict
from fairdue.wording.match import Match, Words
from fairdue.wording.said import Said
from fairdue.wording.view import View, look
from fairdue.wording.view_zh import whole


def check(said: Said) -> Finding:
    """Judge the words of the collector. Raises `WrongFiles` when a shipped lexicon is broken."""
    spans = [
        span
        for i, turn in enumerate(said.turns)
        if turn.judged and turn.text.strip()
        for span in _turn(said, i, turn.text)
    ]
    spans = _merged(spans)
    codes = tuple(sorted({span.code for span in spans}))
    verdict = max((span.verdict for span in spans), default=Verdict.PASS)
    return Finding(said.id, said.lang, verdict, codes, tuple(spans), said.talk)


def _turn(said: Said, turn: int, text: str) -> list[Span]:
    view = look(text, said.lang)
    if not view.text:
        return []
    if said.lang == "zh":
        view = whole(view)
    words = Words(view, lexicon.load(said.lang), said)
    spans = [_span(match, view, text, turn) for match in words.matches()]
    spans += [Span(turn, *_written(view, c.start, c.end), c.code, c.verdict, "", c.why) for c in claims.claims(words)]
    spans += [
        Span(turn, 0, len(text), m.code, m.verdict, "", "model") for m in model.suspects(words, {s.code for s in spans})
    ]
    return [Span(s.turn, s.start, s.end, s.code, s.verdict, text[s.start : s.end], s.why) for s in spans]


def _span(match: Match, view: View, text: str, turn: int) -> Span:
    start, end = _written(view, *match.place)
    return Span(turn, start, end, match.pattern.code, match.verdict, text[start:end], match.pattern.id)


def _written(view: View, start: int, end: int) -> tuple[int, int]:
    return view.written(start, end)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """One span a place and code: the gravest, and of those the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (-s.verdict, s.start - s.end, s.turn, s.start)):
        if not any(
            k.turn == span.turn and k.code == span.code and k.start <= span.start and span.end <= k.end for k in kept
        ):
            kept.append(span)
    return sorted(kept)
