"""The vault: files sealed on disk, each under a key of its own, so that forgetting the key forgets every copy.

AES-256-GCM over the whole file; the file's key is sealed with one derived from FAIRDUE_SECRET. The bytes are on disk
before the row is in the database: a crash between the two leaves bytes nobody points to, which `sweep` removes.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import date
from pathlib import Path, PurePath

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from fairdue.core.errors import Fault
from fairdue.store import audit, clock
from fairdue.store.models import KeptFile, Organisation, Person
from fairdue.store.seal import NONCE, derive_key

MAX_SIZE = 256 * 1024 * 1024
A_DAY = 86_400  # seconds; younger bytes without a row may belong to a transaction that is still open


class FileTooBig(Fault):
    """Larger than the vault takes."""

    code = "vault.too-big"
    en, en_remedy = "The file '{name}' has {size} bytes; at most {limit} are kept.", "Split or compress it."
    zh, zh_remedy = "文件“{name}”有 {size} 字节，超过上限 {limit} 字节。", "请拆分或压缩后再试。"


class FileGone(Fault):
    """The file was dropped, or its bytes are missing or altered."""

    code = "vault.gone"
    en = "The file '{name}' cannot be read: {why}."
    en_remedy = "If it was not dropped on purpose, bring back the vault's folder from a backup."
    zh = "文件“{name}”无法读取：{why_zh}。"
    zh_remedy = "若并非主动删除，请从备份恢复文件库目录。"


def keep(
    data: bytes, *, name: str, media_type: str, kind: str, keep_until: date | None, actor: str,
    lender: Organisation, person: Person | None = None,
) -> KeptFile:  # fmt: skip
    """Seal `data` on disk and write its row, inside the caller's transaction. Raises `FileTooBig`."""
    if len(data) > MAX_SIZE:
        raise FileTooBig(name=name, size=len(data), limit=MAX_SIZE)
    key, handle = secrets.token_bytes(32), secrets.token_hex(16)
    _write(_place(handle), _locked(key, data, handle))
    return KeptFile.objects.create(
        lender=lender, person=person, kind=kind, name=PurePath(name).name[:200], media_type=media_type, size=len(data),
        sha256=hashlib.sha256(data).hexdigest(), handle=handle, key_sealed=_locked(_master(), key, handle),
        keep_until=keep_until, added_by=actor, at=clock.now_minute(),
    )  # fmt: skip


def read(kept: KeptFile) -> bytes:
    """The bytes as they were given. Raises `FileGone` if they were dropped, are missing or were altered."""
    if not kept.key_sealed:
        raise FileGone(name=kept.name, why="it was dropped", why_zh="已被删除")
    try:
        key = _unlocked(_master(), bytes(kept.key_sealed), kept.handle)
        return _unlocked(key, _place(kept.handle).read_bytes(), kept.handle)
    except FileNotFoundError as gone:
        raise FileGone(name=kept.name, why="its bytes are not in the vault", why_zh="文件库中没有该文件") from gone
    except InvalidTag as altered:
        raise FileGone(name=kept.name, why="its bytes were altered", why_zh="文件内容被改动") from altered


@transaction.atomic
def drop(actor: str, kept: KeptFile, reason: str) -> None:
    """Forget the key, then the bytes; the row stays as proof that there was a file, with its hash."""
    if not kept.key_sealed:
        return
    kept.key_sealed = None
    kept.save(update_fields=["key_sealed"])
    audit.write(actor, "file.drop", "kept_file", kept.pk, reason=reason, kind=kept.kind, sha256=kept.sha256)
    transaction.on_commit(lambda: _place(kept.handle).unlink(missing_ok=True))


def drop_expired(actor: str, today: date, lender: Organisation | None = None) -> int:
    """Drop every file (of a lender) that need not be kept any longer; how many."""
    found = KeptFile.objects.filter(keep_until__lt=today, key_sealed__isnull=False)
    old = list(found if lender is None else found.filter(lender=lender))
    for kept in old:
        drop(actor, kept, f"kept until {kept.keep_until}")
    return len(old)


def sweep() -> int:
    """Remove bytes that no key opens any more: of erased people, and of transactions that never ended. How many."""
    wanted = set(KeptFile.objects.filter(key_sealed__isnull=False).values_list("handle", flat=True))
    old = clock.wall().timestamp() - A_DAY
    gone = [found for found in _folder().glob("??/*") if found.name not in wanted and found.stat().st_mtime < old]
    for found in gone:
        found.unlink(missing_ok=True)
    return len(gone)


def _folder() -> Path:
    return Path(settings.VAULT_FOLDER)


def _place(handle: str) -> Path:
    return _folder() / handle[:2] / handle


def _master() -> bytes:
    return derive_key(os.environ.get("FAIRDUE_SECRET", ""), "vault")


def _locked(key: bytes, data: bytes, handle: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, handle.encode())


def _unlocked(key: bytes, sealed: bytes, handle: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], handle.encode())


def _write(place: Path, sealed: bytes) -> None:
    """All of it or nothing: beside, synced, then renamed."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = place.with_suffix(".part")
    with beside.open("wb") as out:
        out.write(sealed)
        out.flush()
        os.fsync(out.fileno())
    beside.rename(place)
