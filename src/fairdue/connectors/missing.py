"""A vendor's library is an extra: whoever uses the connector installs it, and is told so."""

from __future__ import annotations

import importlib
from types import ModuleType

from fairdue.core.errors import Fault


class ExtraMissing(Fault):
    """The library of a connector is not installed."""

    code = "sender.extra-missing"
    en, en_remedy = "This connector needs the library '{name}'.", "Install it: pip install 'fairdue[channels]'."
    zh, zh_remedy = "该连接器需要“{name}”库。", "请安装：pip install 'fairdue[channels]'。"


def need(name: str) -> ModuleType:
    """The module of a library. Raises `ExtraMissing`."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ExtraMissing(name=name.split(".", maxsplit=1)[0]) from None
