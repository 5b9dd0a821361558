"""What the how-to pages show works as it is shown: the rule loads, the table has these columns, the server lets people in."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fairdue.cli import main
from fairdue.core.codes import Role
from fairdue.rules.load import load_pack, read_policy
from fairdue.rules.reading import WrongFiles
from fairdue.rules.treatments import COLUMNS
from fairdue.store.models import Organisation, User
from texts import FENCE, ROOT, shell_lines
from worlds import Worlds, opened

HOW_TO = ROOT / "docs" / "how-to"
PASSWORD = "correct horse battery staple"
BOTH = pytest.mark.parametrize("twin", ["", ".zh"])
SIGN_IN = """
import sys, django
django.setup()
from django.test import Client
client = Client(enforce_csrf_checks=True, HTTP_HOST="desk.example.org")
client.get("/login/")
token = client.cookies["fairdue_desk_csrf"].value
said = {"username": "nobody", "password": "wrong", "csrfmiddlewaretoken": token}
print([client.post("/login/", said, HTTP_ORIGIN=origin).status_code for origin in sys.argv[1:]])
"""


def write_policy(page: Path, folder: Path) -> Path:
    """The files of the page's YAML blocks; each begins with its name."""
    for language, block in FENCE.findall(page.read_text("utf-8")):
        name = re.match(r"# (\S+\.yaml)\n", block)
        if language == "yaml" and name:
            (folder / name[1]).parent.mkdir(parents=True, exist_ok=True)
            (folder / name[1]).write_text(block, "utf-8")
    return folder


@BOTH
def test_the_rule_of_the_page_loads_and_its_cases_hold(twin: str, tmp_path: Path) -> None:
    law = load_pack("cn")
    policy = read_policy(write_policy(HOW_TO / f"write-a-rule{twin}.md", tmp_path / "ours"), law)
    assert "OURS-TIME-01" in policy.by_id
    assert len(policy.situations) == len(law.situations) + 4


def test_the_rule_of_the_page_is_refused_when_a_case_comes_out_otherwise(tmp_path: Path) -> None:
    folder = write_policy(HOW_TO / "write-a-rule.md", tmp_path / "ours")
    cases = folder / "time" / "visits" / "cases.yaml"
    cases.write_text(cases.read_text("utf-8").replace("19:59", "20:59"), "utf-8")
    with pytest.raises(WrongFiles, match=r"cases\.yaml"):
        read_policy(folder, load_pack("cn"))


@BOTH
def test_the_table_of_the_strategy_has_the_columns_of_the_page(twin: str) -> None:
    page = (HOW_TO / f"write-a-strategy{twin}.md").read_text("utf-8")
    assert ",".join(COLUMNS) in page
    rows = [row for row in page.splitlines() if row.startswith("M1,")]
    assert rows
    assert all(len(row.split(",")) == len(COLUMNS) for row in rows)


@BOTH
def test_the_lender_and_the_people_of_the_page_can_be_added(worlds: Worlds, twin: str) -> None:
    lines = [line for line in shell_lines(HOW_TO / f"set-up-a-server{twin}.md") if " add " in line]
    with opened(worlds, "sqlite"):
        for line in lines:
            done = CliRunner().invoke(main, shlex.split(line)[1:], input=f"{PASSWORD}\n{PASSWORD}\n")
            assert done.exit_code == 0, f"{line}: {done.output}"
        assert Organisation.objects.get().floor_minor == 5000
        roles = dict(User.objects.values_list("username", "role"))
        assert roles == {"li": Role.COLLECTOR, "wu": Role.LEAD, "he": Role.COMPLIANCE, "ops": Role.OPERATOR}
        assert User.objects.get(username="li").certified


def test_behind_tls_a_form_of_the_desk_is_taken_and_one_from_elsewhere_is_not(worlds: Worlds) -> None:
    with opened(worlds, "sqlite") as world:
        served = {"FAIRDUE_HTTPS": "1", "FAIRDUE_HOSTS": "desk.example.org", "FAIRDUE_DEMO": ""}
        (world.home / "static").mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", SIGN_IN, "https://desk.example.org", "https://elsewhere.example.org"],
            env={**os.environ, **world.environment, **served}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.stdout.split() == ["[200,", "403]"], done.stderr
