"""Keeps the text of every rule pack that decided something, so that it can be asked again when the package has moved on."""

from __future__ import annotations

from functools import lru_cache

from django.db import connection, transaction

from fairdue.core.errors import Fault
from fairdue.rules.kept import pack_of, policy_revision, text_of
from fairdue.rules.load import Pack, load_pack
from fairdue.store import clock
from fairdue.store.models import PackRevision


class NotKept(Fault):
    """The text of a revision is not there."""

    code = "packs.not-kept"
    en, en_remedy = (
        "The text of pack revision {revision} was not kept.",
        "Decisions from before stay as they are.",
    )
    zh, zh_remedy = "规则包版本 {revision} 的文本未存档。", "规则包存档启用前作出的决定维持原记录。"


_texts: dict[tuple[str, str], Pack] = {}
_kept: set[tuple[str, str]] = set()  # what this process knows to be there


def keep(pack: Pack) -> None:
    """Keep a pack's text unless it is kept already; inside the transaction of the decision it made."""
    here = (str(connection.settings_dict["NAME"]), pack.revision)
    if here in _kept:
        return
    if not PackRevision.objects.filter(revision=pack.revision).exists():
        _write(pack)
    transaction.on_commit(lambda: _kept.add(here))


def _write(pack: Pack) -> None:
    law = load_pack(pack.name.partition("+")[0])
    PackRevision.objects.bulk_create(
        [
            PackRevision(
                revision=pack.revision, name=pack.name, law_revision=law.revision,
                policy_revision=policy_revision(pack, law), content=text_of(pack), kept_at=clock.wall(),
            )
        ],
        ignore_conflicts=True,  # somebody else keeps the same text at the same moment
    )  # fmt: skip


def of_revision(revision: str) -> Pack:
    """The pack of a revision, read from its kept text and from nothing else. Raises `NotKept`, `PackAltered`."""
    row = PackRevision.objects.filter(revision=revision).values_list("content", flat=True).first()
    if row is None:
        raise NotKept(revision=revision[:16])
    return _read(row, revision)


def texts(revision: str) -> Pack | None:
    """The pack of a revision for its texts, read once by a process; None where it was not kept."""
    here = (str(connection.settings_dict["NAME"]), revision)
    if here not in _texts:
        try:
            _texts[here] = of_revision(revision)
        except NotKept:
            return None
    return _texts[here]


@lru_cache(maxsize=16)
def _read(text: str, revision: str) -> Pack:
    return pack_of(text, revision)
