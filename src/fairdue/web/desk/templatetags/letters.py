"""What was typed into the form of a letter is shown again."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def typed(said: Any, name: str) -> str:
    """The value typed under a name; empty before anything was."""
    return str(said.get(name, ""))
