"""Lists for a dialler and its results, for a program: the same lines and the same records as by file."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import AwareDatetime, Field

from fairdue.core.codes import Mode, Role
from fairdue.store import clock
from fairdue.store.actions import dialler
from fairdue.store.models import Case
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import Id, Named, Shape, Text, Word

router = Router()
DIALLERS = (Role.OPERATOR,)
MOST = 200
ANNOUNCE = {"zh": "本次为自动语音外呼", "en": "This is an automated call"}


class ListIn(Shape):
    """Which list is wanted."""

    name: Annotated[
        str, Field(pattern="^[A-Za-z0-9._-]{1,40}$", description="The same name again goes on with its list.")
    ]
    limit: int = Field(100, ge=1, le=MOST, description="At most so many cases.")
    robot: bool = Field(False, description="A robot calls: labelled as such, and counted by its own rule.")


class DialLineOut(Shape):
    """One number to be dialled once, within its window."""

    line: int
    case: int
    number: str = Field(description="In clear: for the dialler only.")
    window_from: datetime
    window_until: datetime
    owner: str
    mode: Annotated[str, Named(Mode)]
    announce: str = Field(description="What a robot says first: that it is one; empty where a person calls.")


class ListOut(Shape):
    """The lines that may be dialled now; each has its place in the attempt ledger until its window ends."""

    lines: list[DialLineOut]
    refused: int


@operation(router, "POST", "/dialler/lists", scope="contacts:write", roles=DIALLERS, gives=ListOut)
def make_dialler_list(request: HttpRequest, wanted: Body[ListIn]) -> ListOut:
    """Take the numbers that may be dialled now, with the window of each and its place in the ledger."""
    lender = call_of(request).user.organisation
    ids = dialler.candidates(lender.pk, None, wanted.limit)
    cases = Case.objects.select_related("customer", "lender", "owner").in_bulk(ids)
    mode = Mode.NOTIFY if wanted.robot else Mode.TALK
    made = [dialler.take_line(cases[one], wanted.name, mode) for one in ids]
    return ListOut(lines=[_line(one) for one in made if one is not None], refused=made.count(None))


def _line(one: dialler.Line) -> DialLineOut:
    said = " / ".join(ANNOUNCE.values()) if one.mode == Mode.NOTIFY else ""
    return DialLineOut(line=one.attempt_id, case=one.case_id, number=one.number, window_from=one.begin, window_until=one.end,
                   owner=one.owner, mode=one.mode.name, announce=said)  # fmt: skip


class ResultIn(Shape):
    """What came of a line."""

    at: Annotated[AwareDatetime, Field(description="When it was dialled, with its offset.")]
    outcome: Word
    note: Text = ""


class ResultOut(Shape):
    """What became of the report."""

    line: int
    outside: bool = Field(description="Dialled outside its window: a breach, recorded and named.")
    again: bool = Field(description="It had been reported before; nothing changed.")


@operation(router, "POST", "/dialler/lines/{line_id}/result", scope="contacts:write", roles=DIALLERS, gives=ResultOut,
           conflicts=True)  # fmt: skip
def report_dialled(request: HttpRequest, line_id: Id, said: Body[ResultIn]) -> ResultOut:
    """Record what came of a line at the moment it was dialled. The same report twice changes nothing."""
    user = call_of(request).user
    told = dialler.Dialled(line_id, clock.to_minute(said.at), said.outcome, said.note)
    done = dialler.report(user.username, user.organisation_id, told)
    return ResultOut(line=done.attempt_id, outside=done.outside, again=done.again)
