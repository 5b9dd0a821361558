"""What the Chinese check must keep: the frozen sentences, the bounds of negation, quotation, facts, readers and senders."""

from __future__ import annotations

from typing import Any

import corpus
import pytest

from fairdue.wording import Finding, check, read


def ask(text: str, audience: str = "debtor", sender: str | None = None, **known: Any) -> Finding:
    return check(read({"text": text, "lang": "zh", "audience": audience, "sender": sender, "known": known}))


def test_the_frozen_part_keeps_its_recall_and_precision() -> None:
    found = corpus.counts(corpus.rows("zh", "test"))
    assert corpus.recall(found) >= 0.95
    assert corpus.precision(found) >= 0.94


def test_the_corpus_is_large_balanced_and_says_everything_once() -> None:
    rows = [row for part in ("train", "dev", "test") for row in corpus.rows("zh", part)]
    assert len(rows) >= 1500
    assert len({row["text"] for row in rows}) == len(rows)
    assert 0.35 <= sum(row["verdict"] == "pass" for row in rows) / len(rows) <= 0.65
    assert {code for row in rows for code in row["codes"]} == {f"P{n:02}" for n in range(1, 19)}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("我们会去您单位找您领导", "block"), ("我们不会去您单位找您领导", "pass"),
     ("别以为我们不会去你单位找你领导", "block"), ("只要你今天还了，我们就不会去你单位找你领导", "block"),
     ("不还我们就去你单位找你领导", "block"), ("您说有人去您单位找您领导，我们会核查", "pass"),
     ("逾期不会影响子女上学", "pass"), ("逾期会影响子女上学", "block")],
)  # fmt: skip
def test_a_denial_counts_unless_it_is_itself_denied_or_hangs_on_payment(text: str, verdict: str) -> None:
    assert ask(text).verdict.word == verdict


@pytest.mark.parametrize(
    ("text", "flag"),
    [("我行已就此向法院提起诉讼", "suit_filed"), ("您的减免申请已审批通过", "waiver_approved"),
     ("您的逾期信息已上报征信", "credit_reported"), ("您的分期方案已获批准", "plan_approved"),
     ("法院已经判决您败诉", "judgment"), ("我们已向公安机关报案", "police_report")],
)  # fmt: skip
def test_a_claim_passes_if_true_blocks_if_false_and_is_reviewed_if_unknown(text: str, flag: str) -> None:
    for value, verdict in ((True, "pass"), (False, "block")):
        known: dict[str, Any] = {flag: value}
        assert ask(text, **known).verdict.word == verdict
    assert ask(text).verdict.word == "review"


@pytest.mark.parametrize(
    ("text", "known", "verdict"),
    [("您目前欠款5,200元", {"amounts": [5200]}, "pass"), ("您目前欠款五千二百元", {"amounts": ["5,200.00"]}, "pass"),
     ("您目前欠款5.2千元", {"amounts": [5200]}, "pass"), ("您目前欠款5200元", {"amounts": [520000]}, "pass"),
     ("您目前欠款52000元", {"amounts": [5200]}, "block"), ("您目前欠款5200元", {}, "review"),
     ("您可以先还500元", {"amounts": [5200]}, "pass"),
     ("请于11月30日前还款", {"deadlines": ["2026-11-30"]}, "pass"),
     ("请于11月28日前还款", {"deadlines": ["2026-11-30"]}, "block"),
     ("请于2026年11月30日前还款", {"deadlines": ["2026-11-30"]}, "pass"), ("请于11月30日前还款", {}, "review"),
     ("请在三天内还款", {"deadlines": ["2026-11-28"], "today": "2026-11-25"}, "pass"),
     ("请于明天之前还款", {"deadlines": ["2026-11-28"], "today": "2026-11-25"}, "block"),
     ("请于本周五前还款", {"deadlines": ["2026-11-27"], "today": "2026-11-25"}, "pass")],
)  # fmt: skip
def test_amounts_and_days_are_held_against_what_is_known(text: str, known: dict[str, Any], verdict: str) -> None:
    assert ask(text, **known).verdict.word == verdict


@pytest.mark.parametrize("audience", ["contact_person", "family", "employer", "other", "spouse"])
def test_a_third_party_hears_nothing_of_a_debt(audience: str) -> None:
    for text in ("他欠我们银行钱", "他那笔款子拖了很久", "他没有欠款", "请转告他尽快还款", "他的事要上法院了"):
        assert "P10" in ask(text, audience).codes, text
    assert ask("您好，我是示例银行的李明，麻烦请他方便时回个电话", audience).verdict.word == "pass"


def test_a_third_party_who_wants_to_pay_hears_what_paying_needs() -> None:
    text = "目前需还3200元，请通过官方渠道支付"
    assert ask(text, "contact_person", willing_to_repay=True, amounts=[3200]).verdict.word == "pass"
    assert ask(text, "contact_person").verdict.word == "block"
    assert ask("他逾期三个月了，一直躲着", "contact_person", willing_to_repay=True).verdict.word == "block"


def test_only_an_agency_can_pose_as_the_lender() -> None:
    text = "您好，我是建设银行的，您的信用卡逾期了"
    assert ask(text, sender="agency").codes == ("P03",)
    assert ask(text, sender="lender").verdict.word == "pass"
    assert ask("您好，我是受建设银行委托的诚安公司员工", sender="agency").verdict.word == "pass"


def test_a_suit_is_threatened_only_while_one_can_be_brought() -> None:
    text = "如仍不还款，我们可能依法向法院起诉"
    assert ask(text).verdict.word == "pass"
    assert ask(text, time_barred=True).codes == ("P17",)


def test_only_the_collector_is_judged() -> None:
    said = {
        "turns": [
            {"speaker": "debtor", "text": "你们这帮骗子，人渣"},
            {"speaker": "collector", "text": "您别激动，慢慢说"},
        ]
    }
    assert check(read(said)).verdict.word == "pass"
    said["turns"].append({"speaker": "agent", "text": "你才是老赖"})
    found = check(read(said)).as_dict()
    assert found["codes"] == ["P05"]
    assert found["spans"][0]["turn"] == 2


def test_first_words_say_for_whom_they_are_spoken_or_are_looked_at() -> None:
    found = ask("您好，您的账户逾期了，请尽快还款", first_contact=True)
    assert (found.verdict.word, found.codes) == ("review", ("P18",))
    assert ask("您好，您的账户逾期了，请尽快还款").verdict.word == "pass"
    assert ask("您好，我是示例银行的李明，您的账户逾期了，请尽快还款", first_contact=True).verdict.word == "pass"
    assert ask("【示例银行】您的账户逾期了，请尽快还款", first_contact=True).verdict.word == "pass"


def test_first_words_in_english_say_so_too() -> None:
    known = {"first_contact": True}
    unnamed = {"text": "Your account is overdue, please pay.", "lang": "en", "known": known}
    named = {
        "text": "This is Ann Lee calling from Example Bank. Your account is overdue.",
        "lang": "en",
        "known": known,
    }
    assert check(read(unnamed)).codes == ("P18",)
    assert check(read(named)).verdict.word == "pass"
