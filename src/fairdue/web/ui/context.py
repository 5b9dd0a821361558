"""What the frame of every page shows: language, look, business clock, demo notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from fairdue.store import clock
from fairdue.web.ui.lang import lang

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "fairdue_theme"
DEFAULT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class BusinessClock:
    """The business date and time on the user's own wall clock."""

    minute: int
    zone: str

    @property
    def local(self) -> datetime:
        """Date and time where the user's organisation is."""
        return clock.from_minute(self.minute, self.zone)

    @property
    def date(self) -> date:
        """The business date."""
        return self.local.date()

    @property
    def text(self) -> str:
        """Date and time as a person reads them; Django's own filter would turn them to UTC."""
        return f"{self.local:%Y-%m-%d %H:%M}"

    @property
    def typed(self) -> str:
        """Date and time as a field for both wants them."""
        return f"{self.local:%Y-%m-%dT%H:%M}"


def site(request: HttpRequest) -> dict[str, Any]:
    """For every template: `lang`, `theme`, `demo` and `business` (read once, and only when a page shows it)."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "lang": lang(),
        "html_lang": "zh-Hans" if lang() == "zh" else "en",
        "theme": theme if theme in THEMES else "auto",
        "demo": settings.DEMO,
        "business": SimpleLazyObject(lambda: business_clock(request)),
    }


def business_clock(request: HttpRequest) -> BusinessClock:
    """The business clock of the user's organisation, or of the default place before login."""
    user = request.user
    zone = user.organisation.zone if user.is_authenticated else DEFAULT_ZONE
    return BusinessClock(clock.now_minute(), zone or DEFAULT_ZONE)
