"""Makes the small tables of characters that the wording check reads; needs OpenCC and pypinyin, which running does not.

python tools/wording_tables.py                writes src/fairdue/wording/zh/{traditional,pinyin}.txt
python tools/wording_tables.py FILE…          writes ordinary.txt: what sounds like a word of the lexicon in ordinary text
    (files of plain text or CSV; COLD was used), in lawful sentences of the corpus, and in set phrases
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import opencc
from pypinyin import Style, lazy_pinyin
from pypinyin.phrases_dict import phrases_dict

from fairdue.wording import lexicon, view_zh
from fairdue.wording.view import look

ROOT = Path(__file__).parent.parent
ZH = ROOT / "src/fairdue/wording/zh"
HAN = [chr(code) for code in range(0x4E00, 0x9FFF)]
NOT_GB = {"瞭": "了", "乾": "干", "囉": "啰", "妳": "你", "您": "您", "祂": "他", "牠": "它", "裡": "里", "著": "着"}


CORPUS = ROOT / "tests/wording/corpus/zh"
OFTEN = 2


def main() -> None:
    """Write the tables that were asked for."""
    if sys.argv[1:]:
        ordinary(Path(name) for name in sys.argv[1:])
    else:
        characters()


def ordinary(files: Iterable[Path]) -> None:
    """What is heard as a word of the lexicon, and is only ordinary Chinese."""
    made = lexicon.load("zh")
    made.ordinary = frozenset()
    often: Counter[str] = Counter()
    for path in files:
        for line in path.read_text("utf-8-sig").splitlines():
            often.update(_misheard(made, line))
    known = {surface for surface, times in often.items() if times >= OFTEN}
    lawful = (
        json.loads(line)
        for part in ("train", "dev")
        for line in (CORPUS / f"{part}.jsonl").read_text("utf-8").splitlines()
    )
    known.update(surface for row in lawful if row["verdict"] == "pass" for surface in _misheard(made, row["text"]))
    own = [*ROOT.glob("docs/**/*.zh.md"), *ROOT.glob("src/fairdue/rules/**/*.yaml"), *ROOT.glob("src/**/*.po")]
    known.update(
        surface for path in own for line in path.read_text("utf-8").splitlines() for surface in _misheard(made, line)
    )
    known.update(surface for phrase in phrases_dict for surface in _misheard(made, phrase))
    (ZH / "ordinary.txt").write_text("\n".join(sorted(known)) + "\n", "utf-8")


def _misheard(made: lexicon.Lexicon, text: str) -> set[str]:
    view = look(text, "zh")
    heard = made._by_sound(view)  # noqa: SLF001 - the tool looks behind the door
    surfaces = {view.text[hit.start : hit.end] for hit in heard}
    return {surface for surface in surfaces if all(char in view_zh.sounds() for char in surface)}


def characters() -> None:
    """Write the tables of characters."""
    to_simple = opencc.OpenCC("t2s")
    pairs = {char: simple for char in HAN if (simple := to_simple.convert(char)) != char and len(simple) == 1}
    pairs |= {char: simple for char, simple in NOT_GB.items() if char != simple}
    (ZH / "traditional.txt").write_text(
        "".join(sorted(pairs)) + "\n" + "".join(pairs[c] for c in sorted(pairs)) + "\n", "utf-8"
    )
    sounds: dict[str, list[str]] = defaultdict(list)
    for char in (char for char in HAN if char not in pairs and _common(char)):
        sound = lazy_pinyin(char, style=Style.NORMAL, v_to_u=False)[0]
        if sound.isascii() and sound.isalpha():
            sounds[sound].append(char)
    (ZH / "pinyin.txt").write_text("".join(f"{sound} {''.join(sounds[sound])}\n" for sound in sorted(sounds)), "utf-8")


def _common(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


if __name__ == "__main__":
    main()
