"""Ask whether words may be written or said to somebody; nothing is kept."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field, RootModel

from fairdue import wording
from fairdue.core.codes import Role
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import Shape

router = Router()


class Words(RootModel[dict[str, Any]]):
    """Words to be checked, as `fairdue wording check` reads them."""


class FoundSpan(Shape):
    """A place in the words."""

    turn: int | None = Field(None, description="Which turn, where there were turns.")
    start: int
    end: int
    code: str
    verdict: Literal["pass", "review", "block"]
    text: str
    why: str


class WordingFinding(Shape):
    """What was found, as `fairdue wording check --json` writes it."""

    id: Any = None
    verdict: Literal["pass", "review", "block"]
    codes: list[str] = Field(description="P01–P18: what is wrong with the words.")
    spans: list[FoundSpan]
    articles: list[str]
    better: str | None = Field(description="A lawful way to say it.")


@operation(router, "POST", "/wording/checks", scope="wording:read", roles=set(Role), gives=WordingFinding)
def check_wording(request: HttpRequest, words: Body[Words]) -> WordingFinding:
    """Check words.

    A text, or a talk of which only the collector's turns are judged, for a reader, with what is known. The same shape as
    `fairdue wording check --json`.
    """
    return WordingFinding(**wording.check(wording.read(words.root)).as_dict())
