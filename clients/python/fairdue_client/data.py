"""Turns JSON into the models and back, by their type hints."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return typing.get_type_hints(kind)


def decoded(hint: Any, said: Any) -> Any:  # noqa: PLR0911 - one return a kind of type reads best
    """The value of a type that some JSON stands for; keys that a model does not know are left out."""
    if said is None or hint is Any:
        return said
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return decoded(next(one for one in inside if one is not type(None)), said)
    if origin is list:
        return [decoded(inside[0], one) for one in said]
    if origin is dict:
        return {name: decoded(inside[1], one) for name, one in said.items()}
    if hint is datetime:
        return datetime.fromisoformat(said)
    if hint is date:
        return date.fromisoformat(said)
    if is_dataclass(hint) and isinstance(hint, type):
        known = _hints(hint)
        return hint(**{name: decoded(known[name], one) for name, one in said.items() if name in known})
    return said


def encoded(value: Any) -> Any:
    """The JSON that stands for a value; what is None is left out of an object."""
    if is_dataclass(value) and not isinstance(value, type):
        said = {one.name: getattr(value, one.name) for one in fields(value)}
        return {name: encoded(one) for name, one in said.items() if one is not None}
    if isinstance(value, Mapping):
        return {name: encoded(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [encoded(one) for one in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
