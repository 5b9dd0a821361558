"""A file that is sent becomes part of the book once; what cannot be loaded comes back with its reasons."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

import asking
import books
import cast
from fairdue.jobs import uploads
from fairdue.store.models import Account, Batch, BookUpload
from worlds import World


def send(asker: asking.Program, data: bytes, **said: str) -> Any:
    """Send a file; the answer."""
    form = {"kind": "book", "mapping": "canonical-book", "as_of": books.AS_OF.isoformat(), **said}
    form["file"] = SimpleUploadedFile("../../book.csv", data)  # type: ignore[assignment]
    key = {"Idempotency-Key": uuid.uuid4().hex}
    with transaction.atomic():  # what is started on commit is started by nobody here
        answer = asker.client.post("/api/v1/books", form, headers=asker.headers | key)
        transaction.get_connection().run_on_commit = []
    return json.loads(answer.content) | {"http": answer.status_code}


def a_book(tmp_path: Path, *, wrong: int = 0) -> bytes:
    """A book of new accounts, some of whose rows cannot be loaded."""
    rows = [row | {"account_no": f"N-{n}", "customer_ref": f"N-{n}"} for n, row in enumerate(books.rows(12))]
    for row in rows[:wrong]:
        row["principal"] = "much"
    return books.write(tmp_path / "new.csv", rows).read_bytes()


def test_a_book_is_sent_loaded_and_its_rejects_fetched(desk: World, tmp_path: Path) -> None:
    mine = asking.program(cast.OPERATOR)
    sent = send(mine, a_book(tmp_path, wrong=2))
    assert (sent["http"], sent["state"], sent["file"]) == (202, "WAITING", "book.csv")
    uploads.work("en")
    seen = mine.get(f"/books/{sent['id']}")
    batch = seen["batch"]
    assert (seen["state"], batch["rows_read"], batch["rows_loaded"], batch["rows_rejected"]) == ("LOADED", 12, 10, 2)
    assert Account.objects.filter(account_no__startswith="N-").count() == 10
    rejects = mine.send("GET", f"/books/{sent['id']}/rejects")
    assert (rejects.headers["Content-Type"], rejects.content.decode("utf-8-sig").count("\n")) == (
        "text/csv; charset=utf-8",
        3,
    )
    assert not BookUpload.objects.get(pk=sent["id"]).folder.exists()


def test_the_same_file_again_changes_nothing_and_names_the_same_batch(desk: World, tmp_path: Path) -> None:
    mine, data = asking.program(cast.OPERATOR), a_book(tmp_path)
    first, second = send(mine, data), send(mine, data)
    uploads.work("en")
    assert [mine.get(f"/books/{one['id']}")["state"] for one in (first, second)] == ["LOADED"] * 2
    assert len({mine.get(f"/books/{one['id']}")["batch"]["id"] for one in (first, second)}) == 1
    assert Batch.objects.count() == 2  # the cast's own, and this one


def test_a_file_that_cannot_be_loaded_says_why_in_both_languages(desk: World, tmp_path: Path) -> None:
    mine = asking.program(cast.FINANCE)
    sent = send(mine, a_book(tmp_path), expect_rows="13")
    uploads.work("en")
    seen = mine.get(f"/books/{sent['id']}")
    assert seen["state"] == "FAILED"
    assert all("13" in seen["fault"][lang] for lang in ("zh", "en"))
    assert not Account.objects.filter(account_no__startswith="N-").exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"mapping": "unheard-of"}, "api.no-such-mapping"),
        ({"kind": "poems"}, "api.invalid"),
        ({"as_of": "soon"}, "api.invalid"),
    ],
)
def test_what_is_said_of_a_file_is_checked(desk: World, tmp_path: Path, said: dict[str, str], code: str) -> None:
    answer = send(asking.program(cast.OPERATOR), a_book(tmp_path), **said)
    assert (answer["http"], answer["code"]) == (422, code)
    assert not BookUpload.objects.exists()
