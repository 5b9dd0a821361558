"""Names and references as keys: spelling, spaces, the order of the parts and the script do not matter to a fold."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

from pypinyin import lazy_pinyin

TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{4,39}")
TAIL = 4
NOISE = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")


@lru_cache(maxsize=1_000_000)
def key(text: str) -> int:
    """63 bits of a hash, never 0; 0 for nothing."""
    folded = NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()
    return int.from_bytes(blake2b(folded.encode(), digest_size=8).digest()) >> 1 | 1 if folded else 0


@lru_cache(maxsize=1_000_000)
def fold(name: str) -> int:
    """The same for 张三, 三张, Zhang San, SAN ZHANG and zhangsan: the letters of its pinyin, sorted."""
    plain = NOISE.sub("", unicodedata.normalize("NFKC", name))
    return key("".join(sorted("".join(lazy_pinyin(plain)).lower()))) if plain else 0


def tokens(said: str) -> list[int]:
    """The keys of everything in a text that may be an account number."""
    return [key(found) for found in TOKEN.findall(unicodedata.normalize("NFKC", said))]


def tail(account: str) -> int:
    """The key of the last four characters of an account; 0 where fewer were told."""
    return key(account[-TAIL:]) if len(account) >= TAIL else 0
