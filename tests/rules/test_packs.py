"""The packs that ship: they hold, they bind from their day, and they say what they should of whole situations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fairdue.core.guard import Facts, History, Verdict, judge, next_lawful, reasons
from fairdue.rules.cases import minute, verdict, wall
from fairdue.rules.check import check_all
from fairdue.rules.explain import explain_rows, recall
from fairdue.rules.load import PACKS, NoPack, Pack, load_pack, names
from fairdue.rules.schema import CONFIDENCE

SHANGHAI = "Asia/Shanghai"
ORDINARY: dict[str, Any] = {
    "zone": SHANGHAI, "role": "LENDER",
    "channel": "CALL", "mode": "TALK", "direction": "OUT", "purpose": "COLLECT", "party": "BORROWER",
    "party_refused": "NO", "discloses_debt": "YES", "product": "CARD", "lender_kind": "BANK",
    "association_member": "YES", "person": 1, "point": 1, "point_source": "RESERVED", "point_status": "GOOD",
    "point_reserved": "YES", "plan_status": "NONE", "lost_contact": "NO", "consent_hours": "NO", "owed": 100_000,
    "introduces_as": "LENDER", "names_lender": "YES", "recording": "YES", "identity_first": "YES", "exam_on": "2026-05-01",
    "point_own": "YES", "attorney": "NO", "bankrupt": "NO", "moratorium": "NO",
    "operator_certified": "YES", "paused": "NO", "disputed": "NO", "claims_paid": "NO", "ceased": "NO",
}  # fmt: skip
TEN = "2026-11-02 10:00"
AGENCY: dict[str, Any] = {
    "agency_listed": "YES", "contract_live": "YES", "sub_contracted": "NO", "borrower_notified_on": "2026-10-01",
    "reviewed_on": "2026-06-01", "sender_approved": "YES",
}  # fmt: skip


def at(text: str) -> int:
    return minute(wall(text, SHANGHAI))


def asked(pack: Pack, when: str = TEN, **other: Any) -> tuple[Verdict, Facts, list[str]]:
    facts = Facts.from_rows([{**ORDINARY, "at": at(when), **other}])
    book = pack.at(date.fromisoformat(when[:10]))
    said = judge(book, facts, History.none())
    return said, facts, [f"{reason.rule} {reason.status.name}" for reason in reasons(book, said, facts, 0)]


def test_an_ordinary_call_by_day_is_allowed() -> None:
    said, _, why = asked(load_pack("cn"))
    assert said.allowed[0]
    assert why == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"when": "2026-11-02 23:00"}, ["CN-TIME-02 REFUSED", "CN-TIME-01 REFUSED"]),
        (
            {"party": "CONTACT", "discloses_debt": "NO"},
            ["CN-PARTY-02 REFUSED", "CN-PARTY-01 REFUSED", "CN-PARTY-06 REFUSED", "CN-PARTY-07 REFUSED"],
        ),
        ({"plan_status": "PERFORMING"}, ["CN-FORB-02 REFUSED"]),
        ({"plan_status": "PERFORMING", "product": "CONSUMER"}, []),
        ({"point_source": None}, ["CN-PARTY-08 UNKNOWN"]),
        ({"point_source": "INVENTED"}, ["CN-PARTY-08 REFUSED"]),
        ({"owed": 0}, ["HOUSE-OWED-01 REFUSED"]),
        ({"paused": "YES"}, ["HOUSE-STOP-01 REFUSED"]),
        ({"disputed": "YES"}, ["HOUSE-STOP-02 REFUSED"]),
        ({"claims_paid": "YES"}, ["HOUSE-STOP-03 REFUSED"]),
        ({"ceased": "YES"}, ["HOUSE-STOP-04 REFUSED"]),
        ({"operator_certified": "NO"}, ["CN-STAFF-01 REFUSED"]),
        ({"exam_on": "2025-11-01"}, ["CN-STAFF-01-YEAR REFUSED"]),
        ({"exam_on": "2025-11-02"}, []),
        ({"introduces_as": "AGENCY"}, ["CN-ID-01 REFUSED"]),
        ({"recording": "NO"}, ["CN-REC-03 REFUSED", "CN-PARTY-07-REC REFUSED"]),
        ({"recording": "NO", "channel": "SMS", "channel_refused": "NO"}, []),
        ({"channel": "SMS", "channel_refused": "YES"}, ["HOUSE-STOP-09 REFUSED"]),
        ({"channel": "SMS"}, ["HOUSE-STOP-09 UNKNOWN"]),
        ({"identity_first": "NO"}, ["CN-REC-03-ID REFUSED"]),
        ({"synthetic": "YES", "labelled": "NO"}, ["CN-AI-02 REFUSED"]),
        ({"attorney": "YES", "consent_attorney": "NO"}, ["HOUSE-ATTY-01 REFUSED"]),
        ({"attorney": "YES", "consent_attorney": "YES"}, []),
        ({"party_alive": "NO"}, ["HOUSE-DEAD-01 REFUSED"]),
        ({"point_own": "NO"}, ["HOUSE-POINT-02 REFUSED"]),
        ({"bankrupt": "YES"}, ["HOUSE-STOP-05 REFUSED"]),
        ({"role": "DEBT_BUYER", "introduces_as": "BUYER"}, ["CN-GUAR-04 UNKNOWN"]),
        (
            {"role": "AGENCY", "introduces_as": "AGENCY", **AGENCY},
            [],
        ),
        (
            {"role": "AGENCY", "introduces_as": "AGENCY", **AGENCY, "sub_contracted": "YES", "delegation_agreed": "NO"},
            ["CN-AGENCY-00 REFUSED", "CN-AGENCY-04 REFUSED"],
        ),
        (
            {"role": "AGENCY", "introduces_as": "LENDER", **AGENCY, "sender_approved": "NO", "reviewed_on": None},
            ["CN-AGENCY-02 ADVISED", "CN-ID-01 REFUSED", "CN-MSG-01 REFUSED"],
        ),
    ],
)
def test_what_the_law_of_mainland_china_says(other: dict[str, Any], expected: list[str]) -> None:
    _, _, why = asked(load_pack("cn"), **other)
    assert sorted(why) == sorted(expected)


NEEDED = (
    "at", "zone", "role", "channel", "mode", "direction", "purpose", "party", "person", "point", "point_source", "point_status",
    "plan_status", "owed", "operator_certified", "paused", "disputed", "claims_paid", "ceased",
    "introduces_as", "names_lender", "recording", "identity_first", "exam_on", "point_own", "attorney", "bankrupt",
    "moratorium", "discloses_debt", "product",
)  # fmt: skip


@pytest.mark.parametrize("name", NEEDED)
def test_an_ordinary_call_is_refused_when_this_fact_is_missing(name: str) -> None:
    pack = load_pack("cn")
    facts = Facts.from_rows([{**ORDINARY, "at": at(TEN), name: None}])
    book = pack.at(date(2026, 11, 2))
    said = judge(book, facts, History.none())
    assert not said.allowed[0]
    assert name in {missing for reason in reasons(book, said, facts, 0) for missing in reason.missing}


def test_a_standard_binds_from_its_day_and_not_before() -> None:
    pack = load_pack("cn")
    assert not any("GB/T 45251" in rule.about.instrument["en"] for rule in pack.at(date(2025, 2, 27)).rules)
    assert "CN-TIME-01" in {r.id for r in pack.at(date(2025, 2, 28)).rules}
    assert "CN-TIME-02" not in {r.id for r in pack.at(date(2026, 1, 29)).rules}
    assert "CN-TIME-02" in {r.id for r in pack.at(date(2026, 1, 30)).rules}


def test_house_rules_bind_on_every_day() -> None:
    assert len(load_pack("cn").at(date(1970, 1, 1)).rules) == len(load_pack("house").rules)


def test_rulebooks_name_the_exact_text_they_were_made_from() -> None:
    cn, demo = load_pack("cn"), load_pack("demo")
    assert len(cn.revision) == 64
    assert cn.at(date(2026, 11, 2)).revision == cn.revision != demo.revision
    assert load_pack("demo", "steady").revision != demo.revision


def test_every_rule_has_its_ground_and_an_honest_mark() -> None:
    for rule in load_pack("demo", "steady").rules:
        law = rule.id.startswith("CN-")
        assert rule.about.instrument["zh"]
        assert rule.about.article["en"]
        assert (rule.about.confidence == "H") is not law, rule.id
        assert rule.about.confidence in CONFIDENCE


def test_what_is_only_reported_never_refuses() -> None:
    weak = [rule for rule in load_pack("cn").rules if rule.about.confidence in ("S-", "M")]
    assert {rule.id for rule in weak} == {"CN-FREQ-05", "CN-VISIT-02", "CN-VISIT-02-TEAM", "CN-RATE-06"}
    assert all(rule.severity == "advise" for rule in weak)


def test_invented_numbers_are_for_the_demonstration_only() -> None:
    demo = load_pack("demo")
    assert demo.demo
    assert not load_pack("cn").demo
    assert asked(demo, point_source="INVENTED")[0].allowed[0]
    assert "CN-PARTY-08" not in demo.by_id


@pytest.mark.parametrize("name", names(PACKS))
def test_every_case_of_a_pack_holds_under_its_rule(name: str) -> None:
    pack = load_pack(name)
    for case in pack.situations:
        rule = pack.by_id[case.rule].at(case.on)
        book = pack.at(case.on)
        alone = type(book)((rule,) if rule else (), book.revision, book.on)
        assert verdict(alone, case) == case.expect, case.title["en"]
    assert {case.rule for case in pack.situations} == set(pack.by_id)


def test_the_next_lawful_minute_at_night_is_eight_in_the_morning() -> None:
    facts = Facts.from_rows([{**ORDINARY, "at": at("2026-11-02 23:00")}])
    assert next_lawful(load_pack("cn"), facts, History.none())[0] == at("2026-11-03 08:00")


def test_a_refusal_is_shown_with_ground_confidence_and_remedy() -> None:
    pack = load_pack("cn")
    said, facts, _ = asked(pack, "2026-11-02 23:00", zone=None)
    rows = {row.rule: row for row in explain_rows(pack.at(date(2026, 11, 2)), said, facts, 0)}
    row = rows["CN-TIME-01"]
    assert row.sentence["zh"] == "无法判断是否符合“每日22:00至次日8:00不得催收”：缺少对方所在时区。"
    assert row.ground["zh"].endswith("（GB/T 45251-2025）第5.3条")
    assert row.confidence_label == CONFIDENCE["V"]
    assert row.missing == ({"zh": "对方所在时区", "en": "time zone of the person"},)
    assert row.link.startswith("https://")


def test_a_stored_verdict_reads_as_it_did() -> None:
    pack = load_pack("cn")
    said, facts, _ = asked(pack, disputed="YES", point_source=None)
    book = pack.at(date(2026, 11, 2))
    stored = [reason.as_dict() for reason in reasons(book, said, facts, 0)]
    assert recall(pack, stored) == explain_rows(book, said, facts, 0)
    assert judge(book, Facts.from_rows([facts.row(0)]), History.none()).refused.tolist() == said.refused.tolist()


def test_a_pack_that_is_not_there_is_a_fault_that_names_those_that_are() -> None:
    with pytest.raises(NoPack, match="cn, demo, eu, house"):
        load_pack("atlantis")


def test_everything_that_ships_is_checked_and_holds() -> None:
    report = check_all()
    assert report.ok, report.as_text("en")
    assert {pack.name for pack in report.packs} == {
        "ca-on", "cn", "cn+composite", "cn+consumer-credit", "cn+steady", "demo", "eu", "house", "in", "ru", "uk", "us",
    }  # fmt: skip
    assert "cn: " in report.as_text("en")
    china = next(pack for pack in report.packs if pack.name == "cn")
    assert ("CN-TIME-02", "CN-TIME-01") in china.redundant
    assert report.as_dict()["ok"] is True
