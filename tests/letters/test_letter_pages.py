"""The pages of letters: written on the case, issued, sent, printed together, read back from the post."""

from __future__ import annotations

import cast
import lettering
from fairdue.jobs import letters as printing
from fairdue.store.actions import letter_batches
from fairdue.store.models import Letter
from person import Person
from worlds import World


def test_a_letter_is_written_and_issued_on_the_page(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), lettering.case()
    assert "cn/reminder:BORROWER:" in person.get(f"/cases/{case.pk}/letters/")
    form = person.get(f"/cases/{case.pk}/letters/?kind=cn/reminder:BORROWER:")
    assert 'name="deadline"' in form
    person.post(
        f"/cases/{case.pk}/letters/write/", kind="cn/reminder:BORROWER:", deadline=lettering.DEADLINE, language="en"
    )
    letter = Letter.objects.get()
    person.post(f"/letters/{letter.pk}/step/", do="issue")
    letter.refresh_from_db()
    assert letter.state == Letter.ISSUED
    assert letter.number is not None
    assert letter.number in person.get(f"/letters/{letter.pk}/")
    assert letter.number in person.get("/letters/")
    assert letter.number in person.get(f"/cases/{case.pk}/", kind="letter")


def test_the_room_and_a_batch_show_what_is_there(desk: World) -> None:
    lead = Person(cast.LEAD)
    batch = letter_batches.choose(cast.user(cast.LEAD), "October letters", [lettering.reminder().pk])
    printing.print_batch(cast.user(cast.LEAD), batch.pk)
    assert "October letters" in lead.get("/letters/")
    shown = lead.get(f"/letters/batches/{batch.pk}/")
    assert f"/letters/batches/{batch.pk}/files/1/" in shown
    assert "12 CFR 1006.34" in lead.get("/letters/kinds/")
