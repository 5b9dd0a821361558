"""Which of the two languages a page is written in."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language

from fairdue.core.errors import Lang


def lang() -> Lang:
    """The language of this request, as `core` and the rule packs name it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def known(code: str) -> bool:
    """Whether a site is written in the language."""
    return code in dict(settings.LANGUAGES)
