"""English as it is compared: words in small letters with single spaces, contractions written out, disguises taken off."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from fairdue.wording.view import MARKS, Piece, View, pieces, view_of

HERE = Path(__file__).parent / "en"
LEET = str.maketrans("0134578@$!|€", "oieastbasile")
LOOKALIKE = str.maketrans("аеорсухікмтвнѕјԁοαερνκιτυ", "aeopcyxikmtbhsjdoaepvkitu")
TOKEN = re.compile(
    r"(?:us|hk|sg|s|au|a|ca|c|nt|nz|rm)\$(?=\s?\d)"  # a currency
    r"|[$£€₹¥]?\d[\d,]*(?:[.:]\d+)*(?:st|nd|rd|th|am|pm|k)?(?![\w@$])"  # a number, an amount, a time
    r"|[a-z0-9@$|!*]*[a-z][a-z0-9@$|!*]*(?:['’`][a-z]+)*"  # a word, perhaps in disguise
    r"|[^\sa-z0-9]"
)
SPACED = re.compile(r"(?<![a-z0-9@$])[a-z0-9@$](?:([ .\-_*·/\\,~+])[a-z0-9@$](?![a-z0-9@$])){2,}")
MIDDLE = re.compile(r"(?<=[a-z])[.\-_*·~+^|](?=[a-z])")
SHORT = re.compile(  # marks that end no sentence: Rs. 500, Mr. Tan, 9 a.m., 5 Dec.
    r"(?<![a-z])(?:rs|mr|mrs|ms|dr|inc|ltd|vs|etc|dept|approx|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|acct|tel|ext|ref)\."
    r"|(?<=[0-9 ][ap])\.m\.?"
)
MANY = re.compile(r"([a-z])\1{2,}")
ENDINGS = (("n't", " not"), ("'ll", " will"), ("'re", " are"), ("'ve", " have"), ("'m", " am"), ("'d", " would"))
BEING = frozenset(
    f"{word}'s" for word in ("it", "he", "she", "that", "this", "there", "here", "what", "who", "where", "how", "name")
)
MONEY = "$£€₹¥"
NUMBER = re.compile(r"[$£€₹¥]?\d[\d,.:]*(?:st|nd|rd|th|am|pm|k)?")
LONG = 6  # shorter words have too many neighbours that mean something else
LEET_CHARS = frozenset("0134578@$!|€")


@cache
def shorthand() -> dict[str, str]:
    """Short and sloppy spellings → what they stand for."""
    lines = (HERE / "shorthand.txt").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line)


def look(text: str) -> View:
    """Words parted by one space; clauses end at ',' and sentences at '.', '?', '!', each standing alone."""
    found = [Piece(p.char.translate(LOOKALIKE), p.start, p.end) for p in pieces(text)]
    found = _unspaced(found)
    written = "".join(p.char for p in found)
    made: list[Piece] = []
    for match in TOKEN.finditer(written):
        start, end = found[match.start()].start, found[match.end() - 1].end
        word = plain(match[0])
        if word:
            made += [Piece(" ", start, start)] if made else []
            made += _mapped(word, match[0], found[match.start() : match.end()], start, end)
    return view_of(made)


def _mapped(word: str, written: str, at: list[Piece], start: int, end: int) -> list[Piece]:
    """One piece a character where the word kept its length; else every character stands for the whole word."""
    if len(word) == len(written):
        return [Piece(char, p.start, p.end) for char, p in zip(word, at, strict=True)]
    return [Piece(char, start, end) for char in word]


def _unspaced(found: list[Piece]) -> list[Piece]:
    """Letters written apart (p o l i c e, p.o.l.i.c.e) are put together; so are words cut by a mark (po.lice, po-lice)."""
    written = "".join(p.char for p in found)
    gone: set[int] = set()
    for match in SPACED.finditer(written):
        gone.update(i for i in range(match.start() + 1, match.end(), 2))
    gone.update(i for m in SHORT.finditer(written) for i in range(m.start(), m.end()) if written[i] == ".")
    gone.update(m.start() for m in MIDDLE.finditer(written) if _cut(written, m.start()))
    return [piece for i, piece in enumerate(found) if i not in gone] if gone else found


def _cut(written: str, at: int) -> bool:
    """A mark inside one word, not a hyphen between two or the end of a sentence without a space."""
    if written[at] not in ".-":
        return True
    left, right = re.search(r"[a-z]*$", written[:at]), re.match(r"[a-z]*", written[at + 1 :])
    parts = (left[0] if left else "", right[0] if right else "")
    known = vocabulary()
    return "".join(parts) in known and (written[at] == "." or not known.issuperset(parts))


def plain(token: str) -> str:
    """One token as it is compared; empty for a mark that means nothing."""
    if len(token) == 1 and not token.isalnum():
        return MARKS.get(token, "$" if token in MONEY else "%" if token == "%" else "")  # noqa: S105 - no password
    if token[-1] == "$" and token[:-1].isalpha():
        return "$"
    if NUMBER.fullmatch(token):
        return token.replace(",", "")
    return _word(token.replace("’", "'").replace("`", "'"))


def _word(token: str) -> str:
    tail = ""
    while len(token) > 1 and token[-1] in "!|*":  # a mark at the end is a mark
        tail, token = ("" if token[-1] != "!" else " !"), token[:-1]
    if LEET_CHARS & set(token):
        token = token.translate(LEET)
    if token in shorthand():
        return shorthand()[token] + tail
    if token in misspelt():
        return misspelt()[token] + tail
    if token in BEING:
        return token[:-2] + " is" + tail
    for ending, full in ENDINGS:
        if token.endswith(ending) and len(token) > len(ending):
            return token[: -len(ending)] + full + tail
    return _squeezed(token) + tail


@cache
def misspelt() -> dict[str, str]:
    """Guarded words with a letter missing, doubled or swapped with the next → the word; never a word of its own."""
    found: dict[str, str] = {}
    real = frozenset(
        (HERE / "real.txt").read_text("utf-8").split()
    )  # one slip from a guarded word, yet words of their own
    for word in (HERE / "guarded.txt").read_text("utf-8").split():
        for wrong in _slips(word):
            if wrong not in vocabulary() and wrong not in real:
                found.setdefault(wrong, word)
    return found


def _slips(word: str) -> set[str]:
    places = range(1, len(word))
    swapped = {word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :] for i in places}
    if len(word) < LONG:
        return swapped
    return swapped | {word[:i] + word[i + 1 :] for i in places} | {word[:i] + word[i - 1] + word[i:] for i in places}


def _squeezed(token: str) -> str:
    """Letters dragged out are shortened to two, or to one where that makes a word that is known."""
    if not MANY.search(token):
        return token
    two, one = MANY.sub(r"\1\1", token), MANY.sub(r"\1", token)
    return one if one in vocabulary() or two not in vocabulary() else two


@cache
def vocabulary() -> frozenset[str]:
    """Every word that a lexicon or a pattern looks for."""
    from fairdue.wording.lexicon import words_of  # noqa: PLC0415 - the lexicon is read through this module

    return words_of("en")
