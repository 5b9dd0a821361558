"""A letterhead, addresses, and letters on the cast's book."""

from __future__ import annotations

from datetime import timedelta

import books
import cast
import dying
from fairdue.core.codes import Channel, PointKind, PointSource
from fairdue.core.errors import Lang
from fairdue.jobs import letters as jobs
from fairdue.store import vault
from fairdue.store.actions import letterheads, letters
from fairdue.store.actions.letters import Wanted
from fairdue.store.models import Case, Letter, Person, Point
from fairdue.store.seal import mask_tail, sealer
from worlds import World

ADDRESS = "示例省示例市示例区示例路1号"
SEAL = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">'
    b'<circle cx="10" cy="10" r="9" fill="none" stroke="#c00"/></svg>'
)
HEAD = letterheads.Head(
    "示例市示例路2号",
    "2 Example Road",
    "手机银行还款",
    "Repay in our app",
    "400-000-0000",
    "https://example.org",
    50_000_00,
)
DEADLINE = (books.AS_OF + timedelta(days=15)).isoformat()


def engage() -> None:
    """The cast, with a letterhead and an address for everybody."""
    cast.engage()
    prepare()


def prepare() -> None:
    """A letterhead with a seal, and an address for everybody."""
    lender = cast.user(cast.LEAD).organisation
    letterheads.set_head("test", lender, HEAD, SEAL)
    for person in Person.objects.filter(lender=lender):
        addressed(person)


def addressed(person: Person, value: str = ADDRESS) -> Point:
    """An address for somebody."""
    return Point.objects.create(
        person=person, channel=Channel.LETTER, value_sealed=sealer().seal(value), value_masked=mask_tail(value),
        value_index=sealer().index(value), source=PointSource.CONTRACT, kind=PointKind.ADDRESS, reserved=True,
    )  # fmt: skip


def case(place: int = 0) -> Case:
    """A case of the collector's that may be written to."""
    return cast.case_of(cast.COLLECTOR, place)


def reminder(place: int = 0, lang: Lang = "zh", **more: object) -> Letter:
    """A reminder by the collector, as a draft."""
    wanted = Wanted("cn/reminder", lang, typed={"deadline": DEADLINE}, **more)  # type: ignore[arg-type]
    return letters.write(cast.user(cast.COLLECTOR), case(place).pk, wanted)


def issued(place: int = 0) -> Letter:
    """A reminder that was issued."""
    found = letters.issue(cast.user(cast.COLLECTOR), reminder(place).pk)
    assert isinstance(found, Letter), found
    return found


def print_and_die(world: World, batch_id: int, times: int) -> None:
    """Print, and die after so many files were sealed: before their rows are committed."""
    with world.open():
        vault.keep = dying.after(vault.keep, times)
        jobs.print_batch(cast.user(cast.LEAD), batch_id)
