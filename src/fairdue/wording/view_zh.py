"""Chinese as it is compared: simplified, without what was put between the characters, and a second time by sound."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from fairdue.wording.view import ASK, BOUNDS, ENDS, MARKS, SHOUT, SOFT, STOP, Piece, View, pieces, view_of

HERE = Path(__file__).parent / "zh"
HAN = re.compile(r"[\u3400-\u9fff]")
DIGITS = dict(zip("0123456789", ("ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"), strict=True))
FIRST_SOUND = 0xE000  # one private character a syllable: sounds are compared as text is
PICTURES = dict(pair.split("=") for pair in (HERE / "pictures.txt").read_text("utf-8").split())
LONGEST_SYLLABLE = 6
MASK = 3  # no more marks than this stand inside a word
GAP = "\u3000"
SLOPPY = frozenset("zcs")


@cache
def simple() -> dict[str, str]:
    """Traditional → simplified characters."""
    old, new = (HERE / "traditional.txt").read_text("utf-8").splitlines()
    return dict(zip(old, new, strict=True))


@cache
def split_characters() -> dict[str, str]:
    """Characters written as their two halves → the character."""
    lines = (HERE / "split.txt").read_text("utf-8").splitlines()
    return {half: char for char, *halves in (line.split() for line in lines) for half in halves}


@cache
def _split() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(split_characters(), key=len, reverse=True))))


@cache
def sounds() -> dict[str, str]:
    """Character → its syllable, without tone and without the differences that dialects drop, as one private character."""
    lines = (line.split() for line in (HERE / "pinyin.txt").read_text("utf-8").splitlines())
    return {char: syllables()[sloppy(sound)] for sound, chars in lines for char in chars}


@cache
def syllables() -> dict[str, str]:
    """Syllable → its private character."""
    names = sorted({sloppy(line.split()[0]) for line in (HERE / "pinyin.txt").read_text("utf-8").splitlines()})
    return {name: chr(FIRST_SOUND + i) for i, name in enumerate(names)}


def sloppy(sound: str) -> str:
    """zh, ch, sh = z, c, s; -ing, -eng = -in, -en."""
    if sound[:1] in SLOPPY and sound[1:2] == "h":
        sound = sound[0] + sound[2:]
    return sound[:-1] if sound.endswith(("ing", "eng")) else sound


def look(text: str) -> View:
    """Simplified, lower case, joined; clauses end at ',' and sentences at '.', '?', '!'."""
    table = simple()
    found = [Piece(table.get(p.char, p.char), p.start, p.end) for p in pieces(text, PICTURES)]
    return view_of(_joined(_numbers(found)))


def _numbers(found: list[Piece]) -> list[Piece]:
    """Thousands lose their comma; the point of 1.5 becomes 点, so that it ends no sentence."""
    made: list[Piece] = []
    for i, piece in enumerate(found):
        between = 0 < i < len(found) - 1 and found[i - 1].char.isdigit() and found[i + 1].char.isdigit()
        if (
            between
            and piece.char in ",，"
            and found[i + 1 : i + 4]
            and all(p.char.isdigit() for p in found[i + 1 : i + 4])
        ):
            continue
        made.append(Piece("点", piece.start, piece.end) if between and piece.char in ".．:：" else piece)
    return made


def _joined(found: list[Piece]) -> list[Piece]:
    """What stands between two characters goes, or becomes the end of a clause where it parts words of several."""
    made: list[Piece] = []
    i, gap = 0, False
    while i < len(found):
        if found[i].char.isalnum():
            made.append(replace(found[i], gap=gap))
            i, gap = i + 1, False
            continue
        end = i
        while end < len(found) and not found[end].char.isalnum():
            end += 1
        mark = _mark(found, i, end)
        gap = mark == GAP and bool(made)
        if mark and mark != GAP and made:
            made.append(Piece(mark, found[i].start, found[end - 1].end))
        i = end
    return made


def _mark(found: list[Piece], start: int, end: int) -> str:
    """What becomes of the characters start:end, none of which is a letter or a digit."""
    between = [piece.char for piece in found[start:end]]
    marks = {MARKS[char] for char in between if char in MARKS}
    near_han = _han(found, start - 1) or _han(found, end)
    if len(between) <= MASK and not marks & {ASK, SHOUT} and _inside(found, start, end):
        return "" if near_han else " "
    if ends := marks & ENDS:
        return max(ends) if len(ends) == 1 else STOP
    if marks:
        return SOFT
    if not any(char.isspace() for char in between):
        return ""
    return GAP if near_han else " "


def _inside(found: list[Piece], start: int, end: int) -> bool:
    """Whether the characters stand inside a word: a single character stands before or behind (at a comma, both)."""
    left, right = _alone(found, start, -1), _alone(found, end - 1, 1)
    return left and right if any(piece.char in "，,；：？！" for piece in found[start:end]) else left or right


def _alone(found: list[Piece], at: int, step: int) -> bool:
    """Whether just one Chinese character stands on that side before the next gap."""
    near, far = at + step, at + 2 * step
    if not 0 <= near < len(found) or not HAN.match(found[near].char):
        return False
    return not 0 <= far < len(found) or not found[far].char.isalnum()


def _han(found: list[Piece], at: int) -> bool:
    return 0 <= at < len(found) and bool(HAN.match(found[at].char))


def whole(view: View) -> View:
    """The view with characters put together that were written as two halves; the same view where there are none."""
    made: list[Piece] = []
    last = 0
    for match in _split().finditer(view.text):
        made += [Piece(view.text[i], view.start[i], view.end[i], i in view.gaps) for i in range(last, match.start())]
        made.append(Piece(split_characters()[match[0]], *view.written(match.start(), match.end())))
        last = match.end()
    if not last:
        return view
    made += [Piece(view.text[i], view.start[i], view.end[i], i in view.gaps) for i in range(last, len(view.text))]
    return view_of(made)


def sound_of(word: str) -> str:
    """A word as its sounds; empty where one character has none."""
    known = sounds()
    made = [known.get(char, "") for char in word]
    return "".join(made) if all(made) else ""


def heard(view: View) -> View:
    """The view by sound: start and end point into `view`. Letters are read as pinyin, digits as their names."""
    known, names = sounds(), syllables()
    made: list[Piece] = []
    i = 0
    while i < len(view.text):
        char = view.text[i]
        if char in known:
            made.append(Piece(known[char], i, i + 1))
        elif char in DIGITS:
            made.append(Piece(names[sloppy(DIGITS[char])], i, i + 1))
        elif "a" <= char <= "z":
            end = i
            while end < len(view.text) and "a" <= view.text[end] <= "z":
                end += 1
            made += _letters(view.text[i:end], i)
            i = end
            continue
        elif char in BOUNDS:
            made.append(Piece(char, i, i + 1))
        elif char != " ":
            made.append(Piece("\ufffd", i, i + 1))
        i += 1
    return view_of(made)


def _letters(run: str, at: int) -> list[Piece]:
    parts = spelled(run)
    made, i = [], at
    for part in parts or (run,):
        made.append(Piece(syllables().get(sloppy(part), "\ufffe"), i, i + len(part)))
        i += len(part)
    return made


@cache
def _spellings() -> frozenset[str]:
    return frozenset(line.split()[0] for line in (HERE / "pinyin.txt").read_text("utf-8").splitlines())


def spelled(run: str) -> tuple[str, ...]:
    """Letters as the syllables they spell, longest first; nothing where they spell none."""
    if not run:
        return ()
    for length in range(min(LONGEST_SYLLABLE, len(run)), 0, -1):
        if run[:length] in _spellings():
            rest = spelled(run[length:])
            if rest or length == len(run):
                return (run[:length], *rest)
    return ()
