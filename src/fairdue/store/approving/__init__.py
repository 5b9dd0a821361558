"""What needs a second person: a small registry of kinds. Adding one is a module here that offers `KIND`.

A kind says how its approvals are shown, who may decide, and what follows; asking and deciding are the same for all
(`store.actions.approvals`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from fairdue.core.errors import Lang
from fairdue.store.models import Approval, User

Text = Mapping[Lang, str]


@dataclass(frozen=True)
class Shown:
    """One approval as the list shows it: what is asked, the difference it makes (pairs of name and value), and more."""

    title: Text
    lines: tuple[tuple[Text, str], ...] = ()
    may_not: Text = field(default_factory=dict)  # why this user may not decide it; empty: they may
    page: tuple[str, int] | None = None  # the page that shows what it is about: its name and the number of the row
    asks_counting: bool = False  # whether the one who decides may keep it out of the performance count


@dataclass(frozen=True)
class Kind:
    """One kind of approval."""

    code: str
    title: Text
    show: Callable[[Approval, User], Shown]
    may: Callable[[Approval, User], Text]  # why not; empty: yes
    granted: Callable[[Approval, User, bool], None]  # the last argument: counts for performance
    refused: Callable[[Approval, User, str], None]


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind, by its code."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {module.KIND.code: module.KIND for module in modules}
