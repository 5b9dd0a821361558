"""Names, identity numbers and contact points are sealed at rest; equality is found through a keyed index.

AES-256-GCM with a random nonce for the value, HMAC-SHA-256 for the index, keys derived from FAIRDUE_SECRET (HKDF).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fairdue.core.errors import Fault

MIN_SECRET = 32
NONCE = 12


class NoSecret(Fault):
    """The service was started without its secret."""

    code = "store.no-secret"
    en = "The environment variable FAIRDUE_SECRET is missing or shorter than 32 characters."
    en_remedy = "Set it to a long random text and keep it: without it sealed data cannot be read again."
    zh = "环境变量 FAIRDUE_SECRET 缺失或不足 32 个字符。"
    zh_remedy = "请设置一段足够长的随机文本并妥善保管：丢失后已加密的数据将无法读取。"


def derive_key(secret: str, use: str) -> bytes:
    """A 32-byte key for one use. Raises `NoSecret` when the secret is missing or short."""
    if len(secret) < MIN_SECRET:
        raise NoSecret
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"fairdue:{use}".encode()).derive(secret.encode())


@dataclass(frozen=True)
class Sealer:
    """Seals and opens text, and gives the index by which equal texts are found."""

    cipher: AESGCM
    index_key: bytes

    def seal(self, text: str) -> bytes:
        """Nonce and ciphertext; two seals of one text differ."""
        nonce = os.urandom(NONCE)
        return nonce + self.cipher.encrypt(nonce, text.encode(), None)

    def open(self, sealed: bytes) -> str:
        """The text; raises `cryptography.exceptions.InvalidTag` if a byte was changed."""
        return self.cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()

    def index(self, text: str) -> str:
        """128 bits of keyed hash over the text in NFKC, upper case, without spaces."""
        folded = "".join(unicodedata.normalize("NFKC", text).upper().split())
        return hmac.new(self.index_key, folded.encode(), hashlib.sha256).hexdigest()[:32]


@cache
def sealer() -> Sealer:
    """The sealer of this process, from FAIRDUE_SECRET."""
    secret = os.environ.get("FAIRDUE_SECRET", "")
    return Sealer(AESGCM(derive_key(secret, "seal")), derive_key(secret, "index"))


def mask_name(name: str) -> str:
    """欧阳某 → 欧**; Mary Smith → M. S.: enough to greet, not enough to search."""
    if name.isascii():
        return " ".join(f"{word[0]}." for word in name.split())
    return name[:1] + "*" * max(1, len(name) - 1)


def mask_tail(text: str, head: int = 3, tail: int = 4) -> str:
    """13912345678 → 139****5678; short texts are hidden whole."""
    if len(text) < head + tail + 2:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]
