"""Words by what they mean, and patterns over those meanings: read from YAML, checked, and made fast to look up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from fairdue.core.errors import Lang
from fairdue.rules.reading import Reading, WrongFiles
from fairdue.wording import view_zh
from fairdue.wording.finding import Verdict, load_codes
from fairdue.wording.said import AUDIENCES, FLAGS, THIRD
from fairdue.wording.view import View, look

HERE = Path(__file__).parent
META = re.compile(r"[\[\](){}?|.*+\\^$]")
UNLESS_BEFORE = re.compile(r"\(\?![^()]*\)$")
WITHIN: dict[Lang, int] = {"zh": 16, "en": 60}
LIABLE = frozenset(AUDIENCES) - THIRD
PATTERN_KEYS = (
    "verdict", "ordered", "within", "scope", "not", "negatable", "inner", "reported", "audience", "sender", "known",
    "unless_known", "claim", "unknown",
)  # fmt: skip
SCOPES = ("clause", "sentence", "text")
END = "\0"
PAIR = 2  # Chinese words of two characters are listened for only where the slot `heard` names them


@dataclass(frozen=True)
class Pattern:
    """Meanings that together are a finding. See README.md beside this file."""

    id: str
    code: str
    need: tuple[frozenset[str], ...]
    verdict: Verdict
    within: int
    ordered: bool = False
    scope: str = "sentence"
    unless: frozenset[str] = frozenset()
    negatable: bool = True
    inner: bool = False
    reported: bool = False
    audience: frozenset[str] | None = None
    sender: str | None = None
    known: tuple[tuple[str, bool], ...] = ()
    claim: frozenset[str] = frozenset()  # facts that bear it out: one of them is enough
    unknown: Verdict = Verdict.REVIEW  # the verdict on a claim when no such fact is known
    unless_known: frozenset[str] = frozenset()


@dataclass(frozen=True, order=True)
class Hit:
    """A meaning found at a place of the view; `other` when it was written in another way than the lexicon does."""

    start: int
    end: int
    slot: str
    other: bool = False


@dataclass
class Lexicon:
    """All slots of a language, ready to be looked for, and all patterns."""

    lang: Lang
    slots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    patterns: list[Pattern] = field(default_factory=list)
    tree: dict[str, Any] = field(default_factory=dict)
    ear: dict[str, Any] = field(default_factory=dict)
    loose: list[tuple[str, re.Pattern[str]]] = field(default_factory=list)
    ordinary: frozenset[str] = frozenset()

    def hits(self, view: View) -> list[Hit]:
        """Every meaning in the view."""
        found = set(self._by_letter(view.text))
        found |= {Hit(m.start(), m.end(), slot) for slot, p in self.loose for m in p.finditer(view.text) if m[0]}
        if self.lang == "zh":
            found |= set(self._by_sound(view))
        return sorted(found)

    def _by_letter(self, text: str) -> Iterator[Hit]:
        for start, entry in _walk(self.tree, text):
            for slot, end in entry(text, start):
                if _whole(text, start, end):
                    yield Hit(start, end, slot)

    def _by_sound(self, view: View) -> Iterator[Hit]:
        ear = view_zh.heard(view)
        for start, entry in _walk(self.ear, ear.text):
            first, last = ear.start[start], ear.end[start + entry.length - 1]
            surface = view.text[first:last]
            letters = any("a" <= char <= "z" for char in surface)
            if surface not in self.ordinary and (letters or entry.resembles(surface)):
                spelled = entry.spelled if letters else ()
                yield from (Hit(first, last, slot, other=True) for slot in {*entry.plain, *spelled})


@dataclass
class Entry:
    """What a way through the tree leads to: slots of the plain word, and expressions that begin with it."""

    length: int
    plain: set[str] = field(default_factory=set)
    more: list[tuple[str, re.Pattern[str]]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    spelled: set[str] = field(default_factory=set)  # slots of words that count only where letters stand for characters

    def resembles(self, surface: str) -> bool:
        """Whether that is a word of this sound with some of its characters exchanged: by chance, all would differ."""
        return surface not in self.words and any(
            one == other for word in self.words for one, other in zip(word, surface, strict=False)
        )

    def __call__(self, text: str, start: int) -> Iterator[tuple[str, int]]:
        """Slot and end of everything that matches from here."""
        for slot in self.plain:
            yield slot, start + self.length
        for slot, pattern in self.more:
            if match := pattern.match(text, start):
                yield slot, match.end()


def _walk(tree: dict[str, Any], text: str) -> Iterator[tuple[int, Entry]]:
    for start in range(len(text)):
        if start and _letter(text[start]) and _letter(text[start - 1]):
            continue  # letters are matched as whole words
        node, at = tree, start
        while at < len(text) and (node := node.get(text[at])):  # type: ignore[assignment]
            at += 1
            if END in node:
                yield start, node[END]


def _whole(text: str, start: int, end: int) -> bool:
    """Letters are matched as whole words; Chinese has no such ends."""
    if start > 0 and _letter(text[start - 1]) and _letter(text[start]):
        return False
    return not (end < len(text) and _letter(text[end - 1]) and _letter(text[end]))


def _letter(char: str) -> bool:
    return "a" <= char <= "z" or "0" <= char <= "9"


@cache
def load(lang: Lang) -> Lexicon:
    """The lexicon of a language, from every YAML file in its folder. Raises `WrongFiles`."""
    return read(HERE / lang, lang)


def read(folder: Path, lang: Lang) -> Lexicon:
    """Read a folder. Raises `WrongFiles` with everything that is wrong in it."""
    readings = [Reading(path, f"{lang}/{path.name}") for path in sorted(folder.glob("*.yaml"))]
    made = Lexicon(lang)
    for reading in readings:
        if not reading.faults and reading.keys(reading.data, (), ("slots", "patterns")):
            _slots(reading, made)
    for reading in readings:
        if not reading.faults and "patterns" in reading.data:
            for name, said in reading.data["patterns"].items():
                _pattern(reading, made, name, said)
    faults = [fault for reading in readings for fault in reading.faults]
    if faults:
        raise WrongFiles(faults)
    _build(made)
    ordinary = folder / "ordinary.txt"
    made.ordinary = frozenset(ordinary.read_text("utf-8").split()) if ordinary.exists() else frozenset()
    return made


def _slots(reading: Reading, made: Lexicon) -> None:
    for name, said in (reading.data.get("slots") or {}).items():
        words = said.split() if isinstance(said, str) else said
        if name in made.slots or not isinstance(words, list) or not all(isinstance(w, str) and w for w in words):
            line = reading.data["slots"].line_of(name)
            reading.wrong(line, f"slot '{name}' stands twice or is no list of words", f"“{name}”重复，或不是词语列表",
                          "Write 'name: [word, …]' once.", "请写成“名称: [词语, …]”，且只写一次。")  # fmt: skip
            continue
        made.slots[name] = tuple(dict.fromkeys(words))


def _pattern(reading: Reading, made: Lexicon, name: str, said: Any) -> None:
    if not reading.keys(said, ("code", "need"), PATTERN_KEYS, name):
        return
    need = tuple(frozenset(part.split("|")) for part in said["need"])
    unless = frozenset(said.get("not") or ())
    bad = [slot for part in (*need, unless) for slot in part if slot not in made.slots]
    known = tuple((said.get("known") or {}).items())
    claim = frozenset(said["claim"].split("|") if said.get("claim") else ())
    flags = (*dict(known), *(said.get("unless_known") or ()), *claim)
    bad += [flag for flag in flags if flag not in FLAGS]
    bad += [said["code"]] if said["code"] not in load_codes() else []
    bad += [said["scope"]] if said.get("scope", SCOPES[0]) not in SCOPES else []
    audience = _audience(said.get("audience"))
    bad += sorted((audience or frozenset()) - set(AUDIENCES))
    for what in bad:
        reading.wrong(said.line, f"'{what}' in {name} is not known", f"{name} 中的“{what}”未定义",
                      "Define or mend it.", "请定义或修正。")  # fmt: skip
    made.patterns.append(Pattern(
        name, str(said["code"]), need, Verdict[str(said.get("verdict", "block")).upper()],
        int(said.get("within", WITHIN[made.lang])), bool(said.get("ordered")), str(said.get("scope", "sentence")), unless,
        bool(said.get("negatable", True)), bool(said.get("inner")), bool(said.get("reported")), audience, said.get("sender"),
        known, claim, Verdict[str(said.get("unknown", "review")).upper()], frozenset(said.get("unless_known") or ()),
    ))  # fmt: skip


def _audience(said: object) -> frozenset[str] | None:
    names = [said] if isinstance(said, str) else list(said) if isinstance(said, list) else []
    found = {
        kind for name in names for kind in (THIRD if name == "third" else LIABLE if name == "liable" else [str(name)])
    }
    return frozenset(found) or None


def _build(made: Lexicon) -> None:
    for slot in made.slots:
        for word in _inlined(made, slot, ()):
            _add(made, slot, word)


def _inlined(made: Lexicon, slot: str, above: tuple[str, ...]) -> Iterator[str]:
    """The words of a slot; `<other>` becomes one group of alternatives, which reads fast however many there are."""
    for word in made.slots[slot]:
        for part in (word,) if above else _parts(word):
            yield re.sub(r"<(\w+)>", lambda name: _group(made, name[1], (*above, slot)), part)


def _parts(word: str) -> Iterator[str]:
    """The alternatives of an expression that is nothing but alternatives: most of them are plain words."""
    if word.startswith("(") and not word.startswith("(?") and _closing(word) == len(word) - 1:
        for branch in _branches(word[1:-1]):
            yield from _parts(branch)
    else:
        yield word


def _group(made: Lexicon, slot: str, above: tuple[str, ...]) -> str:
    words = _inlined(made, slot, above) if slot not in above else ()
    return f"(?:{'|'.join(word if META.search(word) else re.escape(look(word, made.lang).text) for word in words)})"


def _add(made: Lexicon, slot: str, word: str) -> None:
    plain = look(UNLESS_BEFORE.sub("", word), made.lang).text
    if META.search(word):
        _add_expression(made, slot, word)
        if META.search(UNLESS_BEFORE.sub("", word)):
            return
    else:
        _entry(made.tree, plain).plain.add(slot)
    if made.lang == "zh" and len(plain) > 1 and (sound := view_zh.sound_of(plain)):
        heard = _entry(made.ear, sound)
        heard.words.add(plain)
        (heard.plain if len(plain) > PAIR or plain in made.slots.get("heard", ()) else heard.spelled).add(slot)


def _add_expression(made: Lexicon, slot: str, word: str) -> None:
    """An expression is tried only where one of the words stands with which it may begin."""
    inside = re.sub(r"(?<!\\)\.(?![^\[]*\])", "[^,.?!]", word)
    before, after = (r"(?<![a-z0-9])", r"(?![a-z0-9])") if made.lang == "en" else ("", "")
    for lead in fronts(word):
        if lead:
            _entry(made.tree, lead).more.append((slot, re.compile(f"(?:{inside}){after}")))
        else:
            made.loose.append((slot, re.compile(f"{before}(?:{inside}){after}")))


def fronts(word: str) -> frozenset[str]:
    """The plain letters with which an expression can begin; the empty one where it can begin with anything."""
    found: set[str] = set()
    for branch in _branches(word):
        found |= _front(branch)
    return frozenset({""}) if "" in found else frozenset(found)


def _front(branch: str) -> frozenset[str]:
    if listed := re.match(r"\[([^\]\\^-]+)\](?![?*{])", branch):
        return frozenset(char + lead for char in listed[1] for lead in _front(branch[listed.end() :]))
    if not branch.startswith("("):
        meta = META.search(branch)
        return frozenset({branch[: len(branch) if not meta else meta.start() - (1 if meta[0] in "?*{" else 0)]})
    close = _closing(branch)
    inner, rest = re.sub(r"^\?:", "", branch[1:close]), branch[close + 1 :]
    if inner.startswith("?") or rest[:1] in ("*", "{"):
        return frozenset({""})
    if rest.startswith("?"):
        return fronts(inner) | fronts(rest[1:])
    return frozenset(word or "" for part in _branches(inner) for word in _front(part + rest))


def _branches(word: str) -> list[str]:
    """The alternatives at the outermost level."""
    made, depth, inside = [""], 0, False
    for at, char in enumerate(word):
        inside = (inside or char == "[") and char != "]"
        depth += 0 if inside else (char == "(") - (char == ")")
        if char == "|" and not depth and not inside and word[at - 1 : at] != "\\":
            made.append("")
        else:
            made[-1] += char
    return made


def _closing(word: str) -> int:
    depth = 0
    for at, char in enumerate(word):
        depth += (char == "(") - (char == ")")
        if not depth:
            return at
    return len(word) - 1


def _entry(tree: dict[str, Any], way: str) -> Entry:
    for char in way:
        tree = tree.setdefault(char, {})
    found: Entry = tree.setdefault(END, Entry(len(way)))
    return found


@cache
def words_of(lang: Lang) -> frozenset[str]:
    """Every single word in the YAML files of a language, read without folding."""
    found: set[str] = set()
    for path in (HERE / lang).glob("*.yaml"):
        for words in (Reading(path, path.name).data or {}).get("slots", {}).values():
            for word in words.split() if isinstance(words, str) else words or ():
                found |= set(re.findall(r"[a-z]+", word.lower()))
    return frozenset(found)
