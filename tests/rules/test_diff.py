"""What changes when a pack changes: rules by name, and answers to situations."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from fairdue.cli import main
from fairdue.rules.diff import NoSuchPack, compare, named
from fairdue.rules.situations import EXAMPLE


def line(name: str, time: str, dials: int = 0) -> str:
    past = [{**EXAMPLE["history"][0], "time": "2026-03-02T09:00", "times": dials}] if dials else []
    said: dict[str, Any] = {**EXAMPLE, "id": name, "consents": [], "history": past}
    return json.dumps({**said, "proposal": {**said["proposal"], "time": time}})


SITUATIONS = [
    line("day", "2026-03-02T10:00"),
    line("night", "2026-03-02T23:00"),
    line("dialled", "2026-03-02T10:00", 6),
]


def test_the_cap_of_the_bankers_association_changes_what_may_be_done_and_nothing_else_does() -> None:
    found = compare(named("cn@2026-01-29"), named("cn@2026-01-30"), SITUATIONS)
    assert "CN-FREQ-03" in found.added
    assert found.removed == ()
    assert found.asked == len(SITUATIONS)
    assert {one.id for one in found.changed} == {"night", "dialled"}
    night, dialled = found.changed
    assert not night.before.allowed  # refused before, by one rule fewer
    assert not night.after.allowed
    assert dialled.before.allowed
    assert not dialled.after.allowed


def test_a_pack_does_not_differ_from_itself() -> None:
    found = compare(named("cn"), named("cn"), SITUATIONS)
    assert (found.added, found.removed, found.reworded, found.changed) == ((), (), (), ())


def test_a_policy_only_adds_rules() -> None:
    found = compare(named("cn"), named("cn+steady"))
    assert found.added
    assert not found.removed


def test_a_line_that_is_no_situation_is_named_and_the_others_are_asked() -> None:
    found = compare(named("cn"), named("us"), ["{", *SITUATIONS])
    assert [number for number, _ in found.unread] == [1]
    assert found.asked == len(SITUATIONS) + 1


def test_a_date_that_is_none_names_no_pack() -> None:
    with pytest.raises(NoSuchPack, match="cn@yesterday"):
        named("cn@yesterday")


def test_the_command_says_it_in_words_and_in_json() -> None:
    asked = ["rules", "diff", "cn@2026-01-29", "cn@2026-01-30", "--situations", "-"]
    text = CliRunner().invoke(main, asked, input="\n".join(SITUATIONS))
    assert "2 of 3 answers change" in text.output
    said = json.loads(CliRunner().invoke(main, [*asked, "--json"], input="\n".join(SITUATIONS)).output)
    assert [one["id"] for one in said["changed"]] == ["night", "dialled"]
