"""The routes: one module a resource, found by being there."""

from __future__ import annotations

import importlib
import pkgutil

from ninja import Router


def _routers() -> dict[str, Router]:
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").router for name in names}


ROUTERS = _routers()
