"""What the benchmarks share: the machine, a home of their own, times and peaks, and how a result is printed."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """The processor, the memory and the versions that decide a figure."""
    import django
    import numpy as np
    import polars as pl

    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "cpu": model or platform.machine(), "cores": os.cpu_count(), "memory_gb": round(memory / 2**20),
        "system": platform.system(), "python": platform.python_version(), "numpy": np.__version__,
        "polars": pl.__version__, "django": django.get_version(),
    }  # fmt: skip


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text("utf-8").splitlines() if file.exists() else []


def peak_mb() -> int:
    """The most memory this process has had at once."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


class Phases:
    """Seconds per named phase, in order; a phase that comes again is added to."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, whose time is added to the phase."""

        def run(*args: Any, **kwargs: Any) -> Any:
            with self(name):
                return call(*args, **kwargs)

        return run

    def rounded(self) -> dict[str, float]:
        return {name: round(seconds, 2) for name, seconds in self.seconds.items()}


@contextmanager
def home() -> Iterator[Path]:
    """A folder for the data; the database is in it, or it is the empty one that FAIRDUE_DATABASE_URL names."""
    with tempfile.TemporaryDirectory(prefix="fairdue-bench-") as made:
        os.environ["FAIRDUE_HOME"] = made
        os.environ.setdefault("FAIRDUE_SECRET", "a secret for benchmarks only, longer than thirty-two characters")
        os.environ["DJANGO_SETTINGS_MODULE"] = "fairdue.web.sites.desk"
        yield Path(made)


def apart(job: Callable[..., Any], *args: Any) -> Any:
    """Run a function in a process of its own, so that its peak of memory is its own; Django is set up in there."""
    with multiprocessing.get_context("spawn").Pool(1, initializer=_set_up) as pool:
        return pool.apply(job, args)


def _set_up() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def arguments(about: str | None, **numbers: int) -> argparse.Namespace:
    """The command line: `--json`, and one whole number per name."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    for name, value in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=value, help=f"default {value:,}")
    return parser.parse_args()


def show(result: dict[str, Any], *, as_json: bool) -> None:
    """Print a result: one JSON object, or lines to read."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for name, value in result.items():
        if isinstance(value, dict):
            print(f"{name}:")
            for key, inner in value.items():
                print(f"  {key:34} {_shown(inner)}")
        else:
            print(f"{name:36} {_shown(value)}")


def _shown(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)
