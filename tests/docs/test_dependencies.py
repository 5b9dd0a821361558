"""What the software imports is what it asks to be installed: not what happens to be there because the tests need it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def imported() -> Iterator[tuple[str, Path]]:
    """Every package that a module of the software imports, with the module."""
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            yield from ((name.partition(".")[0], path) for name in names)


def test_every_package_the_software_imports_is_among_its_dependencies() -> None:
    said = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    asked = {re.split(r"[\[<>=!~ ]", one)[0].lower() for one in said}
    offers = packages_distributions()
    foreign = {
        (name, str(path.relative_to(ROOT)))
        for name, path in imported()
        if name not in sys.stdlib_module_names and name not in {"fairdue", "fairdue_client"}
        and not {one.lower().replace("_", "-") for one in offers.get(name, ())} & asked
    }  # fmt: skip
    assert sorted(foreign) == []
