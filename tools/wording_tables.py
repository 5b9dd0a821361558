"""Makes the small tables of characters that the wording check reads; needs OpenCC and pypinyin, which running does not.

python tools/wording_tables.py            writes src/fairdue/wording/zh/{traditional,pinyin}.txt
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import opencc
from pypinyin import Style, lazy_pinyin

ZH = Path(__file__).parent.parent / "src/fairdue/wording/zh"
HAN = [chr(code) for code in range(0x4E00, 0x9FFF)]
NOT_GB = {"瞭": "了", "乾": "干", "囉": "啰", "妳": "你", "您": "您", "祂": "他", "牠": "它", "裡": "里", "著": "着"}


def main() -> None:
    """Write both tables."""
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
