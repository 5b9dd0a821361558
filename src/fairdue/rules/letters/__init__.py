"""Letter kinds as data: words, slots, and the elements the law asks for. A kind that lacks one cannot be loaded.

What the law asks stands in law.yaml and names the kinds it binds: a kind cannot leave itself out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fairdue.core.codes import GuaranteeKind, Party, Product, Purpose
from fairdue.core.happened import Happened
from fairdue.rules.letters.model import (
    APPROVALS,
    FROM_BOOK,
    LANGS,
    SLOT,
    TABLES,
    TEMPLATES,
    Ask,
    Element,
    Law,
    LetterKind,
    Part,
    Text,
)
from fairdue.rules.reading import Lines, Reading, Wrong, WrongFiles
from fairdue.rules.scripts import approved

__all__ = [
    "FROM_BOOK",
    "LANGS",
    "SLOT",
    "Ask",
    "Element",
    "Law",
    "LetterKind",
    "Part",
    "Text",
    "load_letters",
    "read_letters",
]
HERE = Path(__file__).parent
NEEDED = ("title", "use", "to", "purpose", "approval", "approved", "parts")
ALLOWED = ("products", "not_products", "guarantee", "template", "registered", "internal", "settled", "event", "sent_event",
           "known", "asks")  # fmt: skip
CONFIDENCE = ("V", "S", "S-", "M")
Asks = Mapping[str, Ask]


@cache
def load_letters() -> Mapping[str, LetterKind]:
    """The shipped kinds by id (pack/name). Raises `WrongFiles`."""
    return read_letters(HERE)


def read_letters(folder: Path) -> Mapping[str, LetterKind]:
    """Read the kinds in a folder and hold each against the law that binds it. Raises `WrongFiles`."""
    faults: list[Wrong] = []
    laws = _laws(folder, faults)
    asks = _asks(folder, faults)
    found: dict[str, LetterKind] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        name = f"{path.parent.name}/{path.stem}"
        reading = Reading(path, f"letters/{name}.yaml")
        kind = _kind(reading, path, name, laws, asks)
        faults += reading.faults
        if kind is not None:
            found[name] = kind
    faults += _stray(laws, found)
    if faults:
        raise WrongFiles(faults)
    return found


def _laws(folder: Path, faults: list[Wrong]) -> tuple[Law, ...]:
    reading = Reading(folder / "law.yaml", "letters/law.yaml")
    found = [_law(reading, name, said) for name, said in (reading.data or {}).items()]
    faults += reading.faults
    return tuple(law for law in found if law is not None)


def _law(reading: Reading, name: str, said: Any) -> Law | None:
    if not reading.keys(said, ("title", "instrument", "link", "confidence", "kinds", "elements"), (), f"'{name}'"):
        return None
    if said.get("confidence") not in CONFIDENCE:
        reading.wrong(said.line_of("confidence"), f"'{said.get('confidence')}' is no confidence", "可信度标记无效",
                      f"Write one of {', '.join(CONFIDENCE)}.", f"可填：{'、'.join(CONFIDENCE)}。")  # fmt: skip
    elements = {
        one: Element(one, _title(reading, body), tuple(body.get("facts") or ()))
        for one, body in (said.get("elements") or {}).items()
    }
    return Law(name, reading.both(said, "title"), reading.both(said, "instrument"), str(said.get("link")),
               str(said.get("confidence")), frozenset(said.get("kinds") or ()), elements)  # fmt: skip


def _title(reading: Reading, body: Any) -> Text:
    if not reading.keys(body, LANGS, ("facts",), "an element"):
        return {"zh": "", "en": ""}
    return {"zh": str(body.get("zh")), "en": str(body.get("en"))}


def _asks(folder: Path, faults: list[Wrong]) -> Asks:
    reading = Reading(folder / "asks.yaml", "letters/asks.yaml")
    found = {}
    for name, said in (reading.data or {}).items():
        if reading.keys(said, ("zh", "en", "as"), (), f"'{name}'"):
            found[name] = Ask(name, {"zh": str(said.get("zh")), "en": str(said.get("en"))}, str(said.get("as")))
    faults += reading.faults
    return found


def _kind(reading: Reading, path: Path, name: str, laws: tuple[Law, ...], asks: Asks) -> LetterKind | None:
    if reading.faults or not reading.keys(reading.data, NEEDED, ALLOWED, "a letter") or reading.faults:
        return None
    said = reading.data
    _one_of(reading, said, "approval", APPROVALS)
    _one_of(reading, said, "template", TEMPLATES, "letter")
    parts = tuple(_part(reading, part) for part in said["parts"])
    wanted = tuple(_ask(reading, said, one, asks) for one in said.get("asks") or ())
    binding = tuple(law for law in laws if name in law.kinds)
    _hold(reading, parts, binding)
    _known_slots(reading, parts, {ask.id for ask in wanted if ask})
    version, by, on = approved(reading, said)
    codes = {key: _codes(reading, said, key, code) for key, code in _LISTS.items()}
    purpose, event, sent = (
        _code(reading, said, "purpose", Purpose),
        _code(reading, said, "event", Happened),
        _code(reading, said, "sent_event", Happened),
    )
    if reading.faults:
        return None
    not_for = codes.pop("not_products")
    products = frozenset(set(Product) - not_for) if not_for else codes["products"]
    return LetterKind(
        name, reading.both(said, "title"), reading.both(said, "use"), codes["to"], products, codes["guarantee"], purpose,
        said.get("template", "letter"), said["approval"], bool(said.get("registered")), bool(said.get("internal")),
        bool(said.get("settled")), event, sent, tuple(said.get("known") or ()), tuple(a for a in wanted if a), parts, binding,
        version, by, on, sha256(path.read_bytes()).hexdigest()[:16],
    )  # fmt: skip


_LISTS: dict[str, Any] = {"to": Party, "products": Product, "not_products": Product, "guarantee": GuaranteeKind}


def _one_of(reading: Reading, said: Lines, key: str, known: tuple[str, ...], default: str = "") -> None:
    if said.get(key, default) not in known:
        reading.wrong(said.line_of(key), f"'{said.get(key)}' is no {key}", f"“{said.get(key)}”不是有效取值",
                      f"Write one of {', '.join(known)}.", f"可填：{'、'.join(known)}。")  # fmt: skip


def _codes(reading: Reading, said: Lines, key: str, code: Any) -> frozenset[Any]:
    names = said.get(key) or []
    for name in (name for name in names if name not in code.__members__):
        _unknown(reading, said.line_of(key), name, code)
    return frozenset(code[name] for name in names if name in code.__members__)


def _code(reading: Reading, said: Lines, key: str, code: Any) -> Any:
    name = said.get(key)
    if name is not None and name not in code.__members__:
        _unknown(reading, said.line_of(key), name, code)
    return code.__members__.get(name)


def _unknown(reading: Reading, line: int, name: str, code: Any) -> None:
    reading.wrong(line, f"'{name}' is not known", f"“{name}”不是有效取值",
                  f"Known: {', '.join(code.__members__)}.", f"可填：{'、'.join(code.__members__)}。")  # fmt: skip


def _part(reading: Reading, said: Any) -> Part:
    nothing = Part({"zh": "", "en": ""}, {"zh": "", "en": ""}, "", ())
    if not reading.keys(said, ("text",), ("head", "table", "holds"), "a part"):
        return nothing
    head = reading.both(said, "head") if "head" in said else nothing.head
    part = Part(head, reading.both(said, "text"), said.get("table", ""), tuple(said.get("holds") or ()))
    _one_of(reading, said, "table", TABLES)
    if set(SLOT.findall(part.text["zh"])) != set(SLOT.findall(part.text["en"])):
        reading.wrong(said.line_of("text"), "the two languages name different facts", "中英文所用信息不一致",
                      "Use the same slots in both.", "请在两种语言中使用相同的占位符。")  # fmt: skip
    return part


def _ask(reading: Reading, said: Lines, name: str, asks: Asks) -> Ask | None:
    if name not in asks:
        reading.wrong(said.line_of("asks"), f"'{name}' is not in asks.yaml", f"asks.yaml 中没有“{name}”",
                      f"Known: {', '.join(asks)}.", f"可填：{'、'.join(asks)}。")  # fmt: skip
    return asks.get(name)


def _known_slots(reading: Reading, parts: tuple[Part, ...], asked: set[str]) -> None:
    for slot in sorted(set().union(*(part.slots for part in parts)) - FROM_BOOK - asked):
        reading.wrong(1, f"nobody knows the fact '{{{slot}}}'", f"没有信息 {{{slot}}}",
                      "Add it to 'asks', or use one of the book.", "请列入 asks，或改用账册中的信息。")  # fmt: skip


def _hold(reading: Reading, parts: tuple[Part, ...], laws: tuple[Law, ...]) -> None:
    """Every element the law asks for stands in a part, with its facts; and nothing is claimed to that no law asks for."""
    for law in laws:
        for element in law.elements.values():
            holding = [part for part in parts if element.id in part.holds]
            named = frozenset().union(*(part.slots for part in holding)) | {"seal"}
            lacking = "" if holding else "it"
            missing = ", ".join(fact for fact in element.facts if fact not in named)
            if lacking or missing:
                reading.wrong(1, f"'{element.id}' of {law.instrument['en']} is missing: {missing or element.title['en']}",
                              f"缺少{law.instrument['zh']}要求的“{element.title['zh']}”：{missing or element.id}",
                              f"Add a part that holds: [{element.id}].", f"请增加 holds: [{element.id}] 的段落。")  # fmt: skip
    known = {one for law in laws for one in law.elements}
    for one in sorted({one for part in parts for one in part.holds} - known):
        reading.wrong(1, f"no law asks this letter for '{one}'", f"没有规定要求本函载明“{one}”",
                      "Remove it from 'holds'.", "请从 holds 中删除。")  # fmt: skip


def _stray(laws: tuple[Law, ...], found: Mapping[str, LetterKind]) -> list[Wrong]:
    reading = Reading(HERE / "law.yaml", "letters/law.yaml")
    for law in laws:
        for name in sorted(law.kinds - set(found)):
            reading.wrong(1, f"'{law.id}' binds '{name}', which is no kind of letter", f"“{law.id}”所列的函件“{name}”不存在",
                          "Correct the name.", "请更正名称。")  # fmt: skip
    return reading.faults
