"""What the post did with registered letters is read from its file: once, by number, with what fits nothing given back."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import books
import cast
import lettering
from fairdue.logaudit.mail import import_mail
from fairdue.rules.letters.mail import NoMailMapping, NotMail, day_of
from fairdue.store import access, clock
from fairdue.store.actions import letter_files
from fairdue.store.models import Letter, LetterEvent
from worlds import BOTH, World, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)
HEAD = ["客户订单号", "邮件号", "收寄日期", "妥投日期", "签收人", "退回日期", "退回原因"]


def file_of(folder: Path, *rows: list[str], name: str = "ems.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows([HEAD, *rows])
    return path


def day(after: int) -> str:
    return (books.AS_OF + timedelta(days=after)).strftime("%Y/%m/%d")


def later() -> None:
    clock.set_demo(cast.at(10, books.AS_OF + timedelta(days=9)))


@both
def test_dispatch_delivery_return_and_refusal_are_taken_in_once(worlds: Worlds, vendor: str, tmp_path: Path) -> None:
    with opened(worlds, vendor, lettering.engage):
        a, b, c = (lettering.issued(place) for place in range(3))
        later()
        path = file_of(
            tmp_path, [a.number or "", "XA1", day(1), day(3), "本人签收", "", ""],
            [b.number or "", "XA2", day(1), "", "", day(5), "收件人拒收"],
                [c.number or "", "XA3", day(1), "", "", day(6), "查无此人"],
            ["2026-L9999999", "XA4", day(1), "", "", "", ""], [a.number or "", "XA9", "随便", "", "", "", ""],
            ["", "XA1", day(1), day(3), "", "", ""],
        )  # fmt: skip
        read = import_mail(cast.user(cast.OPERATOR), path)
        assert (read.file.rows_new, read.file.rows_known, read.file.rows_rejected) == (3, 1, 2)
        states = [Letter.objects.get(pk=one.pk).state for one in (a, b, c)]
        assert states == [Letter.DELIVERED, Letter.REFUSED, Letter.RETURNED]
        events = LetterEvent.objects.count()
        assert import_mail(cast.user(cast.OPERATOR), path).again
        other = file_of(tmp_path, [a.number or "", "XA1", day(1), day(3), "本人签收", "", ""], name="again.csv")
        assert import_mail(cast.user(cast.OPERATOR), other).file.rows_known == 1
        assert LetterEvent.objects.count() == events


def test_rejected_rows_are_mended_and_read_again(desk: World, tmp_path: Path) -> None:
    letter = lettering.issued()
    later()
    path = file_of(tmp_path, [letter.number or "", "XB1", "2026-13-40", "", "", "", ""])
    user = cast.user(cast.OPERATOR)
    read = import_mail(user, path, lang="en")
    name, rejects = letter_files.fetch(user, read.file.pk)
    said = rejects.decode("utf-8-sig")
    assert "is no date" in said
    mended = tmp_path / name
    mended.write_text(said.replace("2026-13-40", day(1)), "utf-8")
    assert import_mail(user, mended).file.rows_new == 1
    with pytest.raises(access.NotYours):
        letter_files.fetch(cast.user(cast.STRANGER), read.file.pk)


@pytest.mark.parametrize(("head", "mapping", "fault"), [
    (["a", "b"], "china-post", NotMail), (["邮件号"], "china-post", NotMail), (HEAD, "plain", NotMail),
    (HEAD, "nobody", NoMailMapping),
])  # fmt: skip
def test_a_file_that_is_something_else_is_refused_whole(
    desk: World, tmp_path: Path, head: list[str], mapping: str, fault: type[Exception]
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(",".join(head) + "\n" + ",".join("1" for _ in head) + "\n", "utf-8")
    with pytest.raises(fault):
        import_mail(cast.user(cast.OPERATOR), path, mapping)


def test_a_number_of_post_belongs_to_one_letter(desk: World, tmp_path: Path) -> None:
    a, b = lettering.issued(0), lettering.issued(1)
    later()
    path = file_of(
        tmp_path, [a.number or "", "XC1", day(1), "", "", "", ""], [b.number or "", "XC1", day(1), "", "", "", ""]
    )
    assert import_mail(cast.user(cast.OPERATOR), path).file.rows_rejected == 1
    assert Letter.objects.get(pk=b.pk).state == Letter.ISSUED


def test_collectors_and_other_lenders_read_no_files(desk: World, tmp_path: Path) -> None:
    letter = lettering.issued()
    later()
    path = file_of(tmp_path, [letter.number or "", "XD1", day(1), "", "", "", ""])
    with pytest.raises(access.NotYours):
        import_mail(cast.user(cast.COLLECTOR), path)


@pytest.mark.parametrize(
    "said",
    ["2026-10-01", "2026/10/1", "2026.10.01", "20261001", "2026年10月1日", " 2026-10-01 10:22:01", "2026-10-01T10:22"],
)
def test_dates_are_read_as_posts_write_them(said: str) -> None:
    assert day_of(said).isoformat() == "2026-10-01"


@pytest.mark.parametrize("said", ["", "1.10.2026", "2026-13-01", "tomorrow", "2026-1-1x"])
def test_what_is_no_date_is_refused(said: Any) -> None:
    with pytest.raises(ValueError):
        day_of(said)
