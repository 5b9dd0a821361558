"""What the frame of every page shows: language, look, and the business clock for dates."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from fairdue.store import clock
from fairdue.store.models import User
from fairdue.web.ui.context import DEFAULT_ZONE, THEME_COOKIE, THEMES, BusinessClock
from fairdue.web.ui.lang import lang


def site(request: HttpRequest) -> dict[str, Any]:
    """For every template: `lang`, `theme`, `demo`, `business`, and `who` has come in, if anybody."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    who: User | None = getattr(request, "who", None)
    zone = who.organisation.zone if who else DEFAULT_ZONE
    return {
        "lang": lang(),
        "html_lang": "zh-Hans" if lang() == "zh" else "en",
        "theme": theme if theme in THEMES else "auto",
        "demo": settings.DEMO,
        "who": who,
        "business": SimpleLazyObject(lambda: BusinessClock(clock.now_minute(), zone or DEFAULT_ZONE)),
    }
