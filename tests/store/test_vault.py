"""Kept files: sealed on disk, readable only whole and unaltered, gone with their key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from fairdue.store import vault
from fairdue.store.models import AuditRow, KeptFile, Organisation
from worlds import Worlds, opened

WORDS = "您好，这是录音。".encode() * 50


@pytest.fixture
def lender(worlds: Worlds, settings: Any, tmp_path: Path) -> Iterator[Organisation]:
    with opened(worlds, "sqlite"):
        settings.VAULT_FOLDER = tmp_path / "vault"
        yield Organisation.objects.create(code="L1", name_zh="甲", name_en="A")


@transaction.atomic
def kept(lender: Organisation, until: date | None = None) -> KeptFile:
    return vault.keep(WORDS, name="../a/录音.wav", media_type="audio/wav", kind="recording", keep_until=until, actor="lin",
                      lender=lender)  # fmt: skip


def place(file: KeptFile, root: Path) -> Path:
    return root / "vault" / file.handle[:2] / file.handle


def test_what_was_kept_comes_back_and_lies_sealed(lender: Organisation, tmp_path: Path) -> None:
    file = kept(lender)
    assert vault.read(KeptFile.objects.get()) == WORDS
    assert file.name == "录音.wav"
    assert WORDS[:20] not in place(file, tmp_path).read_bytes()


def test_an_altered_or_missing_file_is_named_as_such(lender: Organisation, tmp_path: Path) -> None:
    file = kept(lender)
    bytes_ = bytearray(place(file, tmp_path).read_bytes())
    bytes_[40] ^= 1
    place(file, tmp_path).write_bytes(bytes_)
    with pytest.raises(vault.FileGone, match="altered"):
        vault.read(file)
    place(file, tmp_path).unlink()
    with pytest.raises(vault.FileGone, match="not in the vault"):
        vault.read(file)


def test_bytes_of_one_file_do_not_pass_for_another(lender: Organisation, tmp_path: Path) -> None:
    one, other = kept(lender), kept(lender)
    place(other, tmp_path).write_bytes(place(one, tmp_path).read_bytes())
    with pytest.raises(vault.FileGone):
        vault.read(other)


def test_a_file_is_dropped_after_its_last_day_and_not_on_it(lender: Organisation, tmp_path: Path) -> None:
    file = kept(lender, date(2026, 3, 31))
    assert vault.drop_expired("night", date(2026, 3, 31)) == 0
    assert vault.drop_expired("night", date(2026, 4, 1)) == 1
    assert not place(file, tmp_path).exists()
    with pytest.raises(vault.FileGone, match="dropped"):
        vault.read(KeptFile.objects.get())
    assert AuditRow.objects.filter(verb="file.drop", subject_id=file.pk).count() == 1


def test_bytes_without_a_row_are_swept_once_they_are_a_day_old(lender: Organisation, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="crash"), transaction.atomic():
        kept(lender)
        raise RuntimeError("crash")
    alive = kept(lender)
    assert vault.sweep() == 0
    for found in (tmp_path / "vault").glob("??/*"):
        os.utime(found, (0, 0))
    assert vault.sweep() == 1
    assert vault.read(alive) == WORDS


def test_too_much_is_refused_before_anything_is_written(
    lender: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "MAX_SIZE", 10)
    with pytest.raises(vault.FileTooBig):
        kept(lender)
    assert not (tmp_path / "vault").exists()
