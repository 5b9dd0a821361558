"""Words of the rule browser's templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.http import urlencode

register = template.Library()


@register.simple_tag
def with_rule(asked: QueryDict, rule: str) -> str:
    """The question as asked, with another rule chosen."""
    return urlencode({**{name: str(value) for name, value in asked.items() if value}, "rule": rule})


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    """An element by a key that is a variable."""
    return mapping.get(key, "")
