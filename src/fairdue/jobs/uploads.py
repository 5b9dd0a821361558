"""Loads files that came in by the API, one process a file; killed, the same file goes on to the same end."""

from __future__ import annotations

import fcntl

from fairdue.core.errors import Fault, Lang
from fairdue.jobs import imports
from fairdue.store.actions import uploads
from fairdue.store.models import BookUpload


class UploadGone(Fault):
    """The bytes are not where they were put."""

    code = "upload.gone"
    en, en_remedy = "The file {file} is not there any more.", "Send it again."
    zh, zh_remedy = "文件 {file} 已不存在。", "请重新发送。"


def work(lang: Lang, only: int | None = None) -> list[BookUpload]:
    """Load the files that wait, or one of them; those another process is loading are left to it."""
    waiting = BookUpload.objects.filter(state__in=uploads.OPEN).order_by("pk").values_list("pk", flat=True)
    done = [number for number in waiting if only in (None, number) and _alone(number, lang)]
    return list(BookUpload.objects.filter(pk__in=done).select_related("batch").order_by("pk"))


def _alone(number: int, lang: Lang) -> bool:
    """Load one while holding a lock that the system lets go of when the process ends, however it ends."""
    row = BookUpload.objects.get(pk=number)
    if not row.file.exists():
        uploads.failed(number, UploadGone(file=row.file_name))
        return True
    with (row.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        begun = uploads.begin(number)
        if begun is not None:
            _load(begun, lang)
        return begun is not None


def _load(row: BookUpload, lang: Lang) -> None:
    expected = imports.Expected(row.expect_rows, row.expect_total)
    try:
        made = imports.import_file(row.lender, row.file, row.mapping, kind=row.kind, as_of=row.as_of, actor=row.actor,
                                   expected=expected, lang=lang)  # fmt: skip
    except Fault as fault:
        uploads.failed(row.pk, fault)
    else:
        uploads.loaded(row.pk, made.batch)
