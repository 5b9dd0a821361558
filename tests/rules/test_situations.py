"""Written situations: what is said is judged, what is left out refuses by name, and the next lawful time is exact."""

from __future__ import annotations

import copy
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from fairdue.cli import main
from fairdue.rules.situations import EXAMPLE, answer, answer_line, json_schema, read

Said = dict[str, Any]


def said(**changes: Any) -> Said:
    """The example with some parts changed: `proposal__time="…"` goes into `proposal`."""
    found = copy.deepcopy(dict(EXAMPLE))
    for path, value in changes.items():
        *parents, key = path.split("__")
        into = found
        for parent in parents:
            into = into[parent]
        if value is ...:
            del into[key]
        else:
            into[key] = value
    return found


def ask(**changes: Any) -> Said:
    found, is_read = answer_line(json.dumps(said(**changes)))
    assert is_read, found
    return found


def test_the_example_is_allowed_and_answered_at_once() -> None:
    found = ask()
    assert found["allowed"]
    assert found["next_lawful"] == "2026-03-02T19:30+08:00"
    assert not found["ignored"]


def test_late_at_night_is_refused_with_the_articles_until_the_agreed_hours_begin() -> None:
    found = ask(proposal__time="2026-03-02T22:30")
    assert not found["allowed"]
    assert {"CN-TIME-01", "CN-TIME-02"} <= set(found["rules"])
    assert len(found["articles"]) == len(found["rules"])
    assert found["next_lawful"] == "2026-03-03T19:00+08:00"  # the agreed window goes first
    assert ask(proposal__time="2026-03-02T22:30", consents=[])["next_lawful"] == "2026-03-03T08:00+08:00"


def test_a_consent_that_ends_gives_the_law_its_hours_back() -> None:
    window = {**EXAMPLE["consents"][0], "from": "21:00", "to": "21:30", "expires_on": "2026-03-02"}
    found = ask(consents=[window], proposal__time="2026-03-02T21:45")
    assert found["next_lawful"] == "2026-03-03T08:00+08:00"


def test_a_consent_withdrawn_is_none() -> None:
    window = {**EXAMPLE["consents"][0], "from": "22:00", "to": "23:00", "withdrawn_on": "2026-03-02"}
    assert "CN-TIME-01" in ask(consents=[window], proposal__time="2026-03-02T22:30")["rules"]
    assert "CN-TIME-01" not in ask(consents=[window], proposal__time="2026-03-01T22:30")["rules"]


def test_a_consent_of_another_person_is_none() -> None:
    parties = [*EXAMPLE["parties"], {"id": "li", "kind": "CONTACT"}]
    window = {**EXAMPLE["consents"][0], "from": "22:00", "to": "23:00", "by": "li"}
    assert "CN-TIME-01" in ask(parties=parties, consents=[window], proposal__time="2026-03-02T22:30")["rules"]


@pytest.mark.parametrize(
    ("left_out", "named"),
    [
        ("history", "history"), ("flags", "flags: ceased"), ("operator__certified", "operator.certified"),
        ("proposal__time", "proposal.time"), ("proposal__purpose", "proposal.purpose"), ("points", "points[].source"),
    ],
)  # fmt: skip
def test_what_is_left_out_refuses_and_is_named(left_out: str, named: str) -> None:
    found = ask(**{left_out: ...})
    assert not found["allowed"]
    assert named in found["missing"]
    assert found["next_lawful"] is None


def test_without_a_zone_every_zone_of_the_country_must_allow() -> None:
    early = ask(person__zone=..., proposal__time="2026-03-02T08:30", consents=[])
    assert "CN-TIME-01" in early["rules"]  # half past six in the west
    assert early["next_lawful"] == "2026-03-02T10:00+08:00"
    assert ask(person__zone=..., proposal__time="2026-03-02T15:00", consents=[])["allowed"]
    both = ask(person__zone=["Asia/Shanghai", "Asia/Tokyo"], proposal__time="2026-03-02T21:30", consents=[])
    assert both["next_lawful"] == "2026-03-03T08:00+08:00"


def test_a_contact_about_two_debts_counts_once_for_the_person_and_each_debt_is_judged() -> None:
    other = {**EXAMPLE["debts"][0], "id": "loan", "product": "CONSUMER", "disputed": False}
    talk = {**EXAMPLE["history"][0], "outcome": "TALKED", "debts": ["card", "loan"], "times": 2}
    asked = {"debts": [EXAMPLE["debts"][0], other], "proposal__debts": ["card", "loan"]}
    assert "CN-FREQ-02" not in ask(**asked, history=[talk])["rules"]
    assert "CN-FREQ-02" in ask(**asked, history=[{**talk, "times": 3}])["rules"]
    disputed = ask(**{**asked, "debts": [EXAMPLE["debts"][0], {**other, "disputed": True}]})
    assert "HOUSE-STOP-02" in disputed["rules"]


def test_contacts_of_an_agency_count_with_those_of_the_lender() -> None:
    talk = {**EXAMPLE["history"][0], "outcome": "TALKED", "organisation": "agency"}
    assert "CN-FREQ-02" in ask(history=[{**talk, "times": 2}, {**talk, "organisation": "bank"}])["rules"]


def test_everyday_words_are_understood() -> None:
    plain = ask(
        proposal__channel="phone",
        proposal__mode="interactive",
        proposal__direction="outbound",
        proposal__party="debtor",
    )
    assert plain["allowed"]


def test_a_key_that_nobody_reads_is_named() -> None:
    assert ask(proposal__tone="firm", weather="fair")["ignored"] == ["weather", "proposal.tone"]


@pytest.mark.parametrize(
    ("line", "path", "word"),
    [
        ("{", "line", "JSON"), ("[]", "line", "object"), (json.dumps(said(pack=...)), "pack", "no pack"),
        (json.dumps(said(pack="atlantis")), "pack", "atlantis"), (json.dumps(said(proposal=...)), "proposal", "nothing"),
        (json.dumps(said(proposal__channel="SMOKE")), "proposal.channel", "SMOKE"),
        (json.dumps(said(proposal__time="noon")), "proposal.time", "noon"),
        (json.dumps(said(proposal__time="2026-03-02")), "proposal.time", "2026-03-02"),
        (json.dumps(said(person__zone="Asia/Atlantis")), "person.zone", "Asia/Atlantis"),
        (json.dumps(said(flags=["hungry"])), "flags", "hungry"),
        (json.dumps(said(flags="none")), "flags", "list"),
        (json.dumps(said(debts={"id": 1})), "debts", "list"),
        (json.dumps(said(operator__visitors="two")), "operator.visitors", "two"),
        (json.dumps(said(history=[{"time": "2026-03-02T09:00", "outcome": "HUNG_OUT"}])), "history[0].outcome", "HUNG_OUT"),
        (json.dumps(said(consents=[{"scope": "everything"}])), "consents[0].scope", "everything"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_situation_says_where_and_why(line: str, path: str, word: str) -> None:
    found, is_read = answer_line(line)
    assert not is_read
    assert found["error"]["fields"]["path"] == path
    assert word in found["error"]["en"]
    assert found["error"]["zh"] != found["error"]["en"]


def test_the_command_answers_every_line_and_ends_with_one_where_a_line_was_no_situation() -> None:
    lines = "\n".join([json.dumps(said(id="a")), "{", json.dumps(said(id="b", proposal__time="2026-03-02T23:00"))])
    done = CliRunner().invoke(main, ["guard", "check", "--json"], input=lines)
    found = [json.loads(line) for line in done.output.splitlines()]
    assert [one.get("allowed") for one in found] == [True, None, False]
    assert done.exit_code == 1
    assert CliRunner().invoke(main, ["guard", "check"], input=json.dumps(said())).exit_code == 0


def test_the_schema_knows_every_key_of_the_example() -> None:
    schema = json_schema()
    assert set(EXAMPLE) <= set(schema["properties"])
    assert set(EXAMPLE["proposal"]) <= set(schema["$defs"]["proposal"]["properties"])
    shown = CliRunner().invoke(main, ["guard", "check", "--schema"])
    assert json.loads(shown.output) == schema


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_it_is_refused_at_every_moment_before_the_next_lawful_one_and_allowed_at_it(seed: int) -> None:
    asked = drawn(random.Random(seed))
    found = answer(read(json.dumps(asked)))
    begun = datetime.fromisoformat(asked["proposal"]["time"])
    moment = found.as_dict()["next_lawful"]
    if moment is None:
        later = [begun + timedelta(minutes=37 * n) for n in range(200)]
        assert not any(allowed_at(asked, one) for one in later)
        return
    then = datetime.fromisoformat(moment).replace(tzinfo=None)
    assert allowed_at(asked, then)
    minutes = int((then - begun).total_seconds()) // 60
    for minute in {*range(0, minutes, max(minutes // 150, 1)), *range(max(minutes - 20, 0), minutes)}:
        assert not allowed_at(asked, begun + timedelta(minutes=minute)), minute


def allowed_at(asked: Said, moment: datetime) -> bool:
    return answer(read(json.dumps({**asked, "proposal": {**asked["proposal"], "time": moment.isoformat()}}))).allowed


def drawn(of: random.Random) -> Said:
    """The example with a past, consents and flags that come and go, at a time that is often refused."""
    day = datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None) + timedelta(
        days=of.randrange(3), minutes=of.randrange(1440)
    )
    past = [
        {**EXAMPLE["history"][0], "time": (day - timedelta(minutes=of.randrange(2880))).isoformat(),
         "outcome": of.choice(["TALKED", "UNANSWERED", "CONNECTED"])}
        for _ in range(of.randrange(12))
    ]  # fmt: skip
    window = {"scope": "hours", "from": f"{of.randrange(8, 20):02}:00", "to": f"{of.randrange(20, 24)}:00", "how": "call",
              "given_on": "2026-02-01", "expires_on": f"2026-03-0{of.randrange(2, 8)}"}  # fmt: skip
    flags = of.choice([[], [], [{"flag": "paused", "since": "2026-03-01", "until": f"2026-03-0{of.randrange(3, 7)}"}]])
    return said(
        proposal__time=day.isoformat(), history=past, consents=of.choice([[], [window]]), flags=flags,
        person__zone=of.choice(["Asia/Shanghai", "Asia/Urumqi"]),
    )  # fmt: skip
