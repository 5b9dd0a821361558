"""A new collector's morning, as docs/tutorial/ten-cases tells it: every step of the text, in a real browser.

`make pictures` runs it too, and keeps what the page looked like. Each step is named by the words a reader sees.
"""

from __future__ import annotations

import gzip
import io
import itertools
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import django.utils.translation as words
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

import cast as standing
from fairdue.demo import book, cast, people
from fairdue.demo.run import AS_OF
from fairdue.jobs import imports, night
from fairdue.store import clock
from fairdue.store.models import Account, Case, User

PICTURES = os.environ.get("FAIRDUE_PICTURES", "")
ROWS = 600  # of the demo's 30,000: enough for a list, and quickly loaded


def engage() -> None:
    """The demo's bank, people and night over the first rows of its book; ten in the morning of its day."""
    lender = cast.engage()
    with tempfile.TemporaryDirectory() as folder:
        cards, crowd = Path(folder) / "cards.csv", Path(folder) / "people.csv"
        with gzip.open(book.path(), "rt", encoding="utf-8-sig") as rows:
            cards.write_text("".join(itertools.islice(rows, ROWS + 1)), "utf-8")
        imports.import_file(lender, cards, book.MAPPING, kind="book", as_of=AS_OF, actor="demo")
        people.write(crowd, Account.objects.order_by("account_no").values_list("customer__ref", flat=True))
        imports.import_file(lender, crowd, people.MAPPING, kind="people", as_of=None, actor="demo")
    User.objects.update(password=make_password(cast.PASSWORD, hasher="scrypt"))  # as a served desk checks it
    night.run_night(lender, AS_OF, actor="demo")
    clock.set_demo(standing.at(10, AS_OF))


@dataclass
class Morning:
    """One page of one collector in one language; remembers what was read, takes pictures where asked."""

    page: Page
    language: str
    address: str
    read: list[str] = field(default_factory=list)

    def say(self, text: str) -> str:
        """The words of the page for an English text."""
        with words.override(self.language):
            return words.gettext(text)

    def look(self, name: str = "") -> None:
        """Read the whole page; keep its picture under a name."""
        self.read.append(self.page.locator("body").inner_text())
        wide = self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert wide, f"wider than the screen: {self.page.url}"
        if PICTURES and name:
            end = ".zh" if self.language == "zh-hans" else ""
            small(self.page.screenshot(), Path(PICTURES) / f"{name}{end}.png")

    def press(self, text: str, exact: bool = True) -> None:
        """A button or link, by what is written on it."""
        self.look()
        self.page.get_by_role("button", name=self.say(text), exact=exact).first.click()

    @property
    def case(self) -> Case:
        """The case that is open."""
        return Case.objects.get(pk=int(self.page.url.rstrip("/").rsplit("/", 1)[-1]))

    def call(self) -> Case:
        """Take the first number that may be called now."""
        case = self.case
        self.look()
        self.page.locator(".possible button:enabled").first.click()
        expect(self.page.locator("#talk")).to_be_visible()
        return case

    def hear(self, *answers: str) -> None:
        """What was heard, one after the other; each brings other words."""
        for answer in answers:
            self.look()
            said = self.page.locator("#talk .words").first.inner_text()
            self.page.locator(f"#talk button[value={answer}]").click()
            expect(self.page.locator("#talk .words").first).not_to_have_text(said)

    def outcome(self, code: str) -> None:
        """An outcome of the bar; the rare ones are one click further."""
        label = self.page.locator(f".outcome-bar label:has(input[value={code}])")
        if not label.is_visible():
            self.page.locator(".more-outcomes > summary").click()
        self.look()
        label.click()
        expect(self.page.locator(f".outcome-bar input[value={code}]")).to_be_checked()

    def record(self, then: str = "next") -> None:
        """Keep it; the next case opens by itself."""
        self.look()
        self.page.locator(f".outcome-bar button[value={then}]").click()
        expect(self.page.locator(".message.success")).to_be_visible()
        self.look()


def small(picture: bytes, path: Path) -> None:
    """A picture of few colours: a page of text needs no more, and the folder stays small."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            path, optimize=True
        )
