"""Outcome codes: the whole vocabulary, what each one does, and every way the list can contradict itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fairdue.core.codes import NO, UNKNOWN, YES, Aim, Channel, PointStatus
from fairdue.rules.outcomes import FILE, KEYS, Outcome, load_outcomes, read_outcomes
from fairdue.rules.reading import WrongFiles

VOCABULARY = {
    "RPC_PTP", "RPC_PTP_PARTIAL", "RPC_CLAIMS_PAID", "RPC_WILLING", "RPC_REFUSE", "RPC_HARDSHIP", "RPC_WAIVER_REQ",
    "RPC_DISPUTE", "RPC_COMPLAINT", "RPC_HANGUP", "RPC_CALLBACK", "RPC_VULNERABLE", "RPC_CEASE", "RPC_ATTORNEY",
    "TPC_RELAY", "TPC_NO_RELAY", "TPC_PTP", "TPC_REFUSE_CONTACT", "TPC_UNKNOWN_PERSON", "NA", "BUSY", "VM", "OFF",
    "REJECTED", "INVALID_VACANT", "INVALID_SUSPENDED", "FAX", "DECEASED", "FRAUD_ID", "VISIT_MET", "VISIT_ABSENT",
    "VISIT_MOVED", "VISIT_DEMOLISHED", "SMS_SENT", "SMS_DELIVERED", "SMS_FAILED", "EMAIL_OPENED", "EMAIL_BOUNCED",
    "EMAIL_UNSUB", "LETTER_SENT", "LETTER_RETURNED", "APP_READ", "PORTAL_PAY_LATER", "EMAIL_SENT", "IM_SENT",
    "APP_SENT",
}  # fmt: skip


def known(code: str) -> Outcome:
    found = load_outcomes().find(code)
    assert found is not None
    return found


def test_the_list_is_the_vocabulary() -> None:
    assert set(load_outcomes().all) == VOCABULARY


def test_a_code_nobody_knows_is_not_found() -> None:
    assert load_outcomes().find("RPC_MAYBE") is None


def test_every_channel_has_its_keys_and_each_key_an_outcome_of_that_channel() -> None:
    outcomes = load_outcomes()
    assert set(outcomes.likely) == set(Channel)
    for channel, likely in outcomes.likely.items():
        assert 0 < len(likely) <= KEYS
        assert all(outcome in outcomes.of(channel) for outcome in likely)


def test_every_talk_with_the_debtor_counts_a_hang_up_too() -> None:
    reached = [o for o in load_outcomes().all.values() if o.kind in {"right_party", "connected"}]
    assert {(o.answered, o.talked) for o in reached} == {(YES, YES)}
    assert known("RPC_HANGUP") in reached


def test_a_dial_nobody_answers_counts_as_unanswered() -> None:
    dials = [o for o in load_outcomes().of(Channel.CALL) if o.kind in {"no_contact", "invalid"}]
    assert {o.code for o in dials} >= {"NA", "BUSY", "VM", "OFF", "REJECTED", "INVALID_VACANT"}
    assert {(o.answered, o.talked) for o in dials} == {(NO, NO)}


def test_whether_a_text_was_read_is_unknown() -> None:
    assert known("SMS_SENT").answered == UNKNOWN


@pytest.mark.parametrize(
    ("code", "stop", "aim"),
    [
        ("RPC_CLAIMS_PAID", "CLAIMS_PAID", Aim.CHECK_PAYMENT),
        ("RPC_DISPUTE", "DISPUTE", Aim.SETTLE_DISPUTE),
        ("RPC_CEASE", "CEASE", Aim.HAND_OVER),
        ("RPC_VULNERABLE", "PAUSE", Aim.HAND_OVER),
        ("DECEASED", "PAUSE", Aim.HAND_OVER),
        ("RPC_PTP", "", Aim.CONFIRM_PROMISE),
        ("RPC_REFUSE", "", Aim.LEARN_CAUSE),
        ("RPC_HARDSHIP", "", Aim.BUILD_PLAN),
        ("NA", "", Aim.REACH),
        ("INVALID_VACANT", "", Aim.RESTORE_CONTACT),
    ],
)
def test_what_was_heard_sets_what_stops_and_what_comes_next(code: str, stop: str, aim: Aim) -> None:
    assert (known(code).stop, known(code).next_aim) == (stop, aim)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("INVALID_VACANT", PointStatus.INVALID),
        ("INVALID_SUSPENDED", PointStatus.COOLING),
        ("TPC_UNKNOWN_PERSON", PointStatus.WRONG),
        ("RPC_CEASE", PointStatus.BLOCKED),
        ("RPC_ATTORNEY", PointStatus.BLOCKED),
        ("TPC_REFUSE_CONTACT", PointStatus.BLOCKED),
        ("NA", None),
    ],
)
def test_what_was_heard_changes_the_number(code: str, status: PointStatus | None) -> None:
    assert known(code).point_status == status


def test_only_a_contact_person_who_refuses_is_blocked_for_ever() -> None:
    assert [o.code for o in load_outcomes().all.values() if o.refuses_for_ever] == ["TPC_REFUSE_CONTACT"]


def test_only_promises_need_an_amount_and_only_a_call_back_a_day() -> None:
    outcomes = load_outcomes().all.values()
    assert [o.code for o in outcomes if o.promises] == ["RPC_PTP", "RPC_PTP_PARTIAL"]
    assert [o.code for o in outcomes if o.calls_back] == ["RPC_CALLBACK"]


BROKEN = {
    "small letters": ("  BUSY:", "  busy:", "'busy' is no code"),
    "unknown class": ("class: wrong_party", "class: stranger", "TPC_UNKNOWN_PERSON, class: 'stranger' is not possible"),
    "unknown channel": ("channels: [LETTER]", "channels: [PIGEON]", "LETTER_SENT, channels: 'PIGEON' is not possible"),
    "unknown aim": ("next_aim: CONFIRM_PROMISE", "next_aim: FRIGHTEN", "RPC_PTP, next_aim: 'FRIGHTEN' is not possible"),
    "unknown stop": ("stops: CEASE", "stops: NEVER", "RPC_CEASE, stops: 'NEVER' is not possible"),
    "unknown point": ("point: WRONG", "point: BURNT", "TPC_UNKNOWN_PERSON, point: 'BURNT' is not possible"),
    "no label": ("zh: 无人接听, ", "", "'zh' is missing in NA"),
    "unknown key": ("zh: 占线", "mood: bad, zh: 占线", "'mood' is not known in BUSY"),
    "a hang-up that does not count": ("class: connected, channels: [CALL], answered: yes, talked: yes",
                                      "class: connected, channels: [CALL], answered: yes, talked: no",
                                      "RPC_HANGUP: the debtor was reached, so it counts as a talk"),
    "a talk nobody answered": ("class: no_contact, channels: [CALL], answered: no, talked: no",
                               "class: no_contact, channels: [CALL], answered: no, talked: yes",
                               "NA: a talk nobody answered"),
    "a promise by somebody else": ("talked: no, next_aim: REACH, needs: note}",
                                   "talked: no, next_aim: REACH, needs: promise}",
                                   "TPC_PTP: only the debtor can promise"),
    "a call-back without a day": ("needs: date, does: callback", "does: callback",
                                  "RPC_CALLBACK: a call-back needs a date"),
    "the debtor blocked for ever": ("point: BLOCKED, stops: CEASE", "point: BLOCKED, stops: CEASE, does: refuse",
                                    "RPC_CEASE: only a third person is blocked for ever"),
    "a key without an outcome": ("[RPC_PTP, NA,", "[RPC_PTP, NAY,", "'NAY' is no outcome of CALL"),
    "a key of another channel": ("SMS: [SMS_SENT,", "SMS: [NA, SMS_SENT,", "'NA' is no outcome of SMS"),
    "the same key twice": ("[RPC_PTP, NA,", "[NA, NA,", "CALL needs 1 to 9 likely outcomes, each once"),
    "a channel without keys": ("  LETTER: [LETTER_SENT, LETTER_RETURNED]\n", "", "'LETTER' is missing in 'likely'"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, name: str) -> None:
    old, new, expected = BROKEN[name]
    text = FILE.read_text("utf-8")
    assert old in text
    (tmp_path / "outcomes.yaml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(WrongFiles) as caught:
        read_outcomes(tmp_path / "outcomes.yaml")
    line = text[: text.index(old)].count("\n") + 1
    found = [
        (f.fields["line"], str(f.fields["what"])) for f in caught.value.faults if expected in str(f.fields["what"])
    ]
    assert found, caught.value.sentence("en")
    assert "missing in 'likely'" in expected or found[0][0] == line


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = Path(shutil.copy(FILE, tmp_path))
    text = (
        path.read_text("utf-8").replace("class: wrong_party", "class: stranger").replace("stops: CEASE", "stops: NEVER")
    )
    path.write_text(text, "utf-8")
    with pytest.raises(WrongFiles) as caught:
        read_outcomes(path)
    assert len(caught.value.faults) == 2
    assert "RPC_CEASE" in caught.value.sentence("zh")
