"""The check itself: words in, finding out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fairdue.wording import claims, lexicon, model
from fairdue.wording.finding import Finding, Span, Verdict
from fairdue.wording.match import Match, Words
from fairdue.wording.said import Said
from fairdue.wording.view import View, look
from fairdue.wording.view_zh import whole

FIRST, NAMES = ("first_contact", "whole_message"), "names_institution"


def check(said: Said) -> Finding:
    """Judge the words of the collector. Raises `WrongFiles` when a shipped lexicon is broken."""
    judged = [
        (i, turn.text, words) for i, turn in enumerate(said.turns) if turn.judged and (words := _words(said, turn.text))
    ]
    spans = [span for i, text, words in judged for span in _turn(i, text, words)]
    spans = _merged([*spans, *_unnamed(said, judged)])
    codes = tuple(sorted({span.code for span in spans}))
    verdict = max((span.verdict for span in spans), default=Verdict.PASS)
    return Finding(said.id, said.lang, verdict, codes, tuple(spans), said.talk, said.third)


def _words(said: Said, text: str) -> Words | None:
    view = look(text, said.lang)
    if not view.text:
        return None
    return Words(whole(view) if said.lang == "zh" else view, lexicon.load(said.lang), said)


def _turn(turn: int, text: str, words: Words) -> list[Span]:
    view = words.view
    spans = [_span(match, view, text, turn) for match in words.matches()]
    spans += [Span(turn, *view.written(c.start, c.end), c.code, c.verdict, "", c.why) for c in claims.claims(words)]
    found = {span.code for span in spans}
    spans += [Span(turn, 0, len(text), m.code, m.verdict, "", "model") for m in model.suspects(words, found)]
    return [Span(s.turn, s.start, s.end, s.code, s.verdict, text[s.start : s.end], s.why) for s in spans]


def _unnamed(said: Said, judged: list[tuple[int, str, Words]]) -> Iterator[Span]:
    """First words that do not say for whom they are spoken: somebody looks at them."""
    if (
        judged
        and any(said.flags.get(flag) for flag in FIRST)
        and not any(NAMES in words.by_slot for _, _, words in judged)
    ):
        turn, text, _ = judged[0]
        yield Span(turn, 0, len(text), "P18", Verdict.REVIEW, text, "P18-unnamed")


def _span(match: Match, view: View, text: str, turn: int) -> Span:
    start, end = view.written(*match.place)
    return Span(turn, start, end, match.pattern.code, match.verdict, text[start:end], match.pattern.id)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """One span a place and code: the gravest, and of those the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (-s.verdict, s.start - s.end, s.turn, s.start)):
        if not any(
            k.turn == span.turn and k.code == span.code and k.start <= span.start and span.end <= k.end for k in kept
        ):
            kept.append(span)
    return sorted(kept)
