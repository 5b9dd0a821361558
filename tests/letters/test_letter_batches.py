"""Letters are printed together, in order, with checksums and rejects; killed, it is whole in the end."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

import books
import cast
import dying
import lettering
from fairdue.jobs import letters as jobs
from fairdue.store import access, clock
from fairdue.store.actions import letter_batches as acts
from fairdue.store.actions.letters import Wanted
from fairdue.store.models import Attempt, Case, Letter, LetterBatch
from worlds import BOTH, World, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)
WANTED = Wanted("cn/reminder", "zh", typed={"deadline": lettering.DEADLINE})


def cases() -> list[int]:
    return list(Case.objects.filter(team__name="one", closed_on=None).order_by("pk").values_list("pk", flat=True)[:6])


def written() -> LetterBatch:
    return acts.write_many(cast.user(cast.LEAD), "October", WANTED, cases())


def manifest(batch: LetterBatch) -> Iterator[dict[str, str]]:
    _, _, content = acts.fetch(cast.user(cast.LEAD), batch.pk, None)
    return iter(list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")))))


@both
def test_a_batch_is_one_print_file_in_order_with_checksums(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lettering.engage):
        lead = cast.user(cast.LEAD)
        batch = jobs.print_batch(lead, written().pk)
        rows, (name, media_type, content) = list(manifest(batch)), acts.fetch(lead, batch.pk, 1)
        pages = PdfReader(io.BytesIO(content)).pages
        assert (name.endswith(".pdf"), media_type) == (True, "application/pdf")
        assert len(rows) + len(batch.rejects) == len(cases())
        assert len(pages) == sum(int(row["pages"]) for row in rows)
        for row in rows:
            letter = Letter.objects.get(number=row["number"])
            assert letter.file is not None
            assert row["sha256"] == letter.sha256 == letter.file.sha256
            assert row["number"] in pages[int(row["first_page"]) - 1].extract_text().replace(" ", "")
        assert jobs.print_batch(lead, batch.pk).manifest == batch.manifest


def test_what_cannot_be_printed_stands_among_the_rejects_with_its_reason(desk: World) -> None:
    first = Case.objects.get(pk=cases()[0])
    first.customer.points.all().delete()
    batch = written()
    assert [row["code"] for row in batch.rejects] == ["letter.no-address"]
    clock.set_demo(cast.at(23))
    batch = jobs.print_batch(cast.user(cast.LEAD), batch.pk)
    assert {row["code"] for row in batch.rejects} == {"letter.no-address", "letter.guard-refused"}
    assert not batch.letters.exclude(number=None).exists()


def test_a_batch_stops_and_goes_on(desk: World) -> None:
    lead, batch = cast.user(cast.LEAD), written()

    def stop_after_two(what: str, done: int, total: int | None) -> None:
        if what == "issue" and done == min(2, total or 2):
            acts.stop(lead, batch.pk)

    assert jobs.print_batch(lead, batch.pk, stop_after_two).state == "STOPPED"
    assert batch.letters.exclude(number=None).count() == 2
    assert jobs.print_batch(lead, batch.pk).state == "DONE"


@both
def test_killed_at_any_letter_the_print_is_whole_in_the_end_and_nobody_is_written_to_twice(
    worlds: Worlds, vendor: str
) -> None:
    with opened(worlds, vendor, lettering.engage) as world:
        batch = written()
        for times in (1, 2, 3):
            assert dying.killed(lettering.print_and_die, world, batch.pk, times)
        batch = jobs.print_batch(cast.user(cast.LEAD), batch.pk)
        issued = batch.letters.exclude(number=None)
        assert batch.state == "DONE"
        assert issued.count() + len(batch.rejects) == len(cases())
        assert Attempt.objects.filter(channel=5, state=Attempt.CONFIRMED).count() == issued.count()
        assert [row["number"] for row in manifest(batch)] == list(
            issued.order_by("place").values_list("number", flat=True)
        )


def test_the_whole_batch_is_dispatched_on_a_day(desk: World) -> None:
    lead = cast.user(cast.LEAD)
    batch = jobs.print_batch(lead, written().pk)
    sent = acts.sent(lead, batch.pk, books.AS_OF, "handed over")
    assert sent == batch.letters.filter(state=Letter.DISPATCHED).count() > 0
    assert acts.sent(lead, batch.pk, books.AS_OF) == 0


def test_only_the_lender_s_own_lead_or_compliance_prints(desk: World) -> None:
    batch = written()
    for name in (cast.COLLECTOR, cast.STRANGER, cast.AGENCY, cast.OPERATOR):
        with pytest.raises(access.NotYours):
            jobs.print_batch(cast.user(name), batch.pk)
