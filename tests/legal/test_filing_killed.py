"""A batch for a court that is killed, or run by several at once, ends as one that was left alone."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.db.models import Count

import cast
import dying
import filing_work
import legal_rows
from fairdue.core.proceedings import CourtState, Procedure
from fairdue.jobs import filing as jobs
from fairdue.store.actions import filing
from fairdue.store.models import Approval, Case, FilingBatch, KeptFile, Proceeding
from worlds import World

GOOD = 3


def begun() -> FilingBatch:
    """A batch of cases with complete papers, and one that lacks them."""
    cases = list(Case.objects.filter(owner=cast.user(cast.COLLECTOR), closed_on=None).order_by("pk")[: GOOD + 1])
    for case in cases[:GOOD]:
        legal_rows.complete(case)
    wanted = [cases[0].pk, cases[GOOD].pk, *(case.pk for case in cases[1:GOOD])]
    return filing.start(cast.user(cast.LEAD), Procedure.PAYMENT_ORDER, wanted, "like", "某区人民法院", "many alike")


def whole(batch: FilingBatch) -> None:
    """Every good case once, with one file and one request for approval; the other one named."""
    batch.refresh_from_db()
    assert (batch.state, batch.position, len(batch.rejects)) == ("DONE", GOOD + 1, 1)
    made = Proceeding.objects.filter(batch=batch)
    assert [row.state for row in made] == [CourtState.ASKED] * GOOD
    assert not made.values("case").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert Approval.objects.filter(kind="filing").count() == GOOD
    assert KeptFile.objects.filter(kind="court-file").count() == 2 * GOOD  # its PDF and its sheet, none left over
    out = io.BytesIO()
    filing.archive(cast.user(cast.LEAD), batch.pk, out)
    with zipfile.ZipFile(out) as found:
        assert found.testzip() is None
        assert len([name for name in found.namelist() if name.endswith(".pdf")]) == GOOD
        assert len(found.read("filings.csv").decode("utf-8-sig").splitlines()) == 1 + GOOD


@pytest.mark.parametrize(("moment", "times"), [("sealed", 1), ("sealed", 2), ("asked", 2)])
def test_killed_at_any_moment_no_case_is_filed_twice_and_no_file_is_half_written(
    both: World, moment: str, times: int
) -> None:
    batch = begun()
    assert dying.killed(filing_work.run_and_die, both, batch.pk, moment, times)
    jobs.run_batch(cast.user(cast.LEAD), batch.pk)
    whole(batch)


def test_three_processes_on_one_batch_do_each_case_once(both: World) -> None:
    batch = begun()
    filing_work.run_at_once(both, batch.pk, 3)
    whole(batch)
