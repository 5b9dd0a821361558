"""Each connector against a peer that speaks the provider's protocol: taken, refused, later, uncertain; receipts and replies."""

from __future__ import annotations

import json
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import gateways
import mail_server
from fairdue import connectors
from fairdue.connectors import (
    Connector,
    Fate,
    NotSignedRight,
    Outgoing,
    Settings,
    Template,
    http_signed,
    sms_aliyun,
    sms_tencent,
)
from fairdue.connectors.configured import NoSender, load_senders
from fairdue.core.codes import Channel
from fairdue.rules.reading import WrongFiles
from gateways import KEY_ID, SECRET, Asked, http_peer, message_centre

LONG = (
    "甲银行：王先生您好，您尾号3321的账户有1,200.00元已过还款日，请您尽快安排还款；如有困难，请致电400-000-0000与我们协商。"
    * 2
)
TEMPLATE = Template("SMS_1", "甲银行", {"name": "person", "amount": "amount"})
VALUES = {"person": "王先生", "amount": "1,200.00元"}


def outgoing(
    to: str = "15400000001", text: str = "您好", template: Template | None = None, key: str = "a" * 32
) -> Outgoing:
    return Outgoing(key, to, text, "zh", "提醒", VALUES, template, "2026-09-30")


def opened(kind: str, secrets: dict[str, str] | None = None, **values: Any) -> Connector:
    return connectors.connect(kind, Settings("test", {key: str(value) for key, value in values.items()}, secrets or {}))


def mail(port: int, **more: Any) -> Connector:
    said: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none", "from": "bank@example.com"}
    return opened("smtp", **(said | more))


@pytest.mark.parametrize(("to", "fate", "bad"), [
    ("someone@example.com", Fate.TAKEN, False), ("nobody@example.com", Fate.REFUSED, True),
    ("later@example.com", Fate.LATER, False), ("spam@example.com", Fate.REFUSED, False),
])  # fmt: skip
def test_a_mail_is_taken_refused_or_put_off(tmp_path: Path, to: str, fate: Fate, bad: bool) -> None:
    with mail_server.mailbox(tmp_path / "in") as port:
        line = mail(port)
        receipt = line.send(outgoing(to, "一\n.\n二"))
        line.close()
        assert (receipt.fate, receipt.bad_address) == (fate, bad)


def test_one_line_carries_many_mails_also_after_a_refusal(tmp_path: Path) -> None:
    with mail_server.mailbox(tmp_path / "in") as port:
        line = mail(port)
        fates = [line.send(outgoing(f"{who}@example.com", key=who * 8)).fate for who in ("a", "nobody", "later", "b")]
        line.close()
        assert fates == [Fate.TAKEN, Fate.REFUSED, Fate.LATER, Fate.TAKEN]
        assert mail_server.arrived(tmp_path / "in") == [f"<{who * 8}@example.com>" for who in ("a", "b")]


def test_without_a_server_it_certainly_did_not_leave() -> None:
    assert mail(mail_server.free_port()).send(outgoing("a@example.com")).fate is Fate.LATER


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(start).not_valid_after(start.replace(year=2099))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("certificate")
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))  # fmt: skip
    return str(pem), str(secret)


def test_mail_goes_over_tls_with_a_login(tmp_path: Path, certificate: tuple[str, str]) -> None:
    with mail_server.mailbox(tmp_path / "in", certificate=certificate, login="bank:word") as port:
        said = {"security": "starttls", "ca_file": certificate[0], "user": "bank", "unsubscribe": "stop@example.com"}
        right = opened("smtp", {"password": "word"}, host="127.0.0.1", port=port, **said | {"from": "bank@example.com"})
        assert right.send(outgoing("a@example.com")).fate is Fate.TAKEN
        right.close()
        wrong = opened(
            "smtp", {"password": "other"}, host="127.0.0.1", port=port, **said | {"from": "bank@example.com"}
        )
        assert wrong.send(outgoing("a@example.com")).fate is Fate.LATER
        assert len(mail_server.arrived(tmp_path / "in")) == 1


def test_a_server_whose_certificate_is_not_known_gets_nothing(tmp_path: Path, certificate: tuple[str, str]) -> None:
    with mail_server.mailbox(tmp_path / "in", certificate=certificate) as port:
        assert mail(port, security="starttls").send(outgoing("a@example.com")).fate is Fate.LATER
        assert not mail_server.arrived(tmp_path / "in")
    assert ssl.HAS_TLSv1_3


def test_a_mail_tells_how_to_unsubscribe_and_carries_its_key() -> None:
    from fairdue.connectors.smtp import Smtp

    line = Smtp(Settings("m", {"host": "h", "from": "bank@example.com", "unsubscribe": "stop@example.com"}))
    written = line.write(outgoing("a@example.com", key="k1"))
    assert written["Message-ID"] == "<k1@example.com>"
    assert written["List-Unsubscribe"] == "<mailto:stop@example.com?subject=TD%20k1>"


def aliyun(port: int, secret: str = SECRET) -> Connector:
    return opened(
        "sms_aliyun", {"access_key_secret": secret}, access_key_id=KEY_ID, endpoint=f"127.0.0.1:{port}", protocol="http"
    )


def test_a_text_through_alibaba_cloud_is_signed_and_carries_our_key() -> None:
    def answer(asked: Asked) -> tuple[int, Any]:
        assert gateways.aliyun_signed(asked)
        assert asked.headers["x-acs-action"] == "SendSms"
        return 200, {"Code": "OK", "Message": "OK", "BizId": "biz1", "RequestId": "r"}

    with http_peer(answer) as peer:
        receipt = aliyun(peer.port).send(outgoing(template=TEMPLATE))
        assert (receipt.fate, receipt.ref) == (Fate.TAKEN, "biz1")
        said = peer.asked[0].query
        assert (said["OutId"], said["TemplateCode"], said["SignName"]) == ("a" * 32, "SMS_1", "甲银行")
        assert json.loads(said["TemplateParam"]) == {"name": "王先生", "amount": "1,200.00元"}
        assert not gateways.aliyun_signed(peer.asked[0], "another secret"), "the peer's check can fail"


@pytest.mark.parametrize(("code", "fate"), [
    ("isv.BUSINESS_LIMIT_CONTROL", Fate.LATER), ("isv.MOBILE_NUMBER_ILLEGAL", Fate.REFUSED),
    ("isp.SYSTEM_ERROR", Fate.UNCERTAIN), ("isv.SMS_TEMPLATE_ILLEGAL", Fate.REFUSED),
])  # fmt: skip
def test_what_alibaba_cloud_answers_is_one_of_four_fates(code: str, fate: Fate) -> None:
    with http_peer(lambda _: (200, {"Code": code, "Message": code, "RequestId": "r"})) as peer:
        receipt = aliyun(peer.port).send(outgoing(template=TEMPLATE))
        assert (receipt.fate, receipt.bad_address) == (fate, "NUMBER" in code)


def test_alibaba_cloud_is_asked_once_where_the_line_breaks_and_then_by_our_key() -> None:
    details = {"SmsSendDetailDTO": [{"OutId": "a" * 32, "SendStatus": 3, "PhoneNum": "15400000001"}]}

    def answer(asked: Asked) -> tuple[int, Any]:
        if asked.headers["x-acs-action"] == "SendSms":
            return 0, None
        return 200, {"Code": "OK", "TotalCount": "1", "SmsSendDetailDTOs": details}

    with http_peer(answer) as peer:
        line = aliyun(peer.port)
        assert line.send(outgoing(template=TEMPLATE)).fate is Fate.UNCERTAIN
        assert len([a for a in peer.asked if a.headers["x-acs-action"] == "SendSms"]) == 1
        found = line.find(outgoing(template=TEMPLATE))
        assert found is not None
        assert found.fate is Fate.TAKEN
        assert line.find(outgoing(template=TEMPLATE, key="b" * 32)) is None
    assert aliyun(mail_server.free_port()).send(outgoing(template=TEMPLATE)).fate is Fate.LATER


def test_words_without_a_registered_template_do_not_go_to_a_provider_that_wants_one() -> None:
    assert aliyun(mail_server.free_port()).send(outgoing()).code == "NO_TEMPLATE"


def test_what_alibaba_cloud_tells_afterwards() -> None:
    body = json.dumps([
        {"phone_number": "154", "biz_id": "b1", "out_id": "k", "success": True, "err_code": "DELIVERED"},
        {"phone_number": "154", "biz_id": "b2", "success": False, "err_code": "PHONE_NOT_EXIST"},
        {"phone_number": "15400000001", "content": "TD", "sequence_id": 9, "send_time": "2026-09-30 10:00:00"},
    ]).encode()  # fmt: skip
    reports, replies = sms_aliyun.told(Settings("a", {}), {}, body, 0)
    assert [(r.kind, r.key, r.ref, r.bad_address) for r in reports] == [
        ("DELIVERED", "k", "b1", False), ("FAILED", "", "b2", True),
    ]  # fmt: skip
    assert [(r.address, r.text, r.ref) for r in replies] == [("15400000001", "TD", "up-9")]


def tencent(port: int) -> Connector:
    return opened(
        "sms_tencent",
        {"secret_key": SECRET},
        secret_id=KEY_ID,
        app_id="14",
        endpoint=f"127.0.0.1:{port}",
        protocol="http",
    )


def test_a_text_through_tencent_cloud_is_signed_and_carries_our_key() -> None:
    def answer(asked: Asked) -> tuple[int, Any]:
        assert gateways.tencent_signed(asked)
        return 200, {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "s1", "Fee": 2}], "RequestId": "r"}}

    with http_peer(answer) as peer:
        receipt = tencent(peer.port).send(outgoing(template=TEMPLATE))
        assert (receipt.fate, receipt.ref, receipt.parts) == (Fate.TAKEN, "s1", 2)
        said = peer.asked[0].said
        assert (said["SessionContext"], said["PhoneNumberSet"]) == ("a" * 32, ["+8615400000001"])
        assert said["TemplateParamSet"] == ["王先生", "1,200.00元"]
        assert not gateways.tencent_signed(peer.asked[0], "another secret"), "the peer's check can fail"


@pytest.mark.parametrize(("code", "fate"), [
    ("LimitExceeded.PhoneNumberDailyLimit", Fate.LATER), ("InvalidParameterValue.IncorrectPhoneNumber", Fate.REFUSED),
    ("InternalError.Timeout", Fate.UNCERTAIN), ("FailedOperation.PhoneNumberInBlacklist", Fate.REFUSED),
])  # fmt: skip
def test_what_tencent_cloud_answers_is_one_of_four_fates(code: str, fate: Fate) -> None:
    with http_peer(lambda _: (200, {"Response": {"SendStatusSet": [{"Code": code}], "RequestId": "r"}})) as peer:
        assert tencent(peer.port).send(outgoing(template=TEMPLATE)).fate is fate


def test_tencent_cloud_is_asked_once_where_the_line_breaks() -> None:
    with http_peer(lambda _: (0, None)) as peer:
        assert tencent(peer.port).send(outgoing(template=TEMPLATE)).fate is Fate.UNCERTAIN
        assert len(peer.asked) == 1
    assert tencent(mail_server.free_port()).send(outgoing(template=TEMPLATE)).fate is Fate.LATER


def test_what_tencent_cloud_tells_afterwards() -> None:
    rows = [{"mobile": "154", "report_status": "FAIL", "errmsg": "MK:0001", "sid": "s1"}]
    reports, _ = sms_tencent.told(Settings("t", {}), {}, json.dumps(rows).encode(), 0)
    assert [(r.kind, r.ref, r.bad_address) for r in reports] == [("FAILED", "s1", True)]
    said = {"nationcode": "86", "mobile": "15400000001", "text": "退订", "time": 7}
    _, replies = sms_tencent.told(Settings("t", {}), {}, json.dumps(said).encode(), 0)
    assert [(r.address, r.text) for r in replies] == [("+8615400000001", "退订")]


def smpp(port: int, password: str = gateways.PASSWORD) -> Connector:
    return opened("smpp", {"password": password}, host="127.0.0.1", port=port, system_id="bank", source="bank")


def test_a_text_over_smpp_is_delivered_and_answered_on_the_same_line() -> None:
    with message_centre() as centre:
        centre.replies.append(("15400000001", "退订"))
        line = smpp(centre.port)
        receipt = line.send(outgoing())
        assert (receipt.fate, receipt.ref) == (Fate.TAKEN, "m1")
        reports, replies = _heard(line)
        assert [(r.kind, r.ref) for r in reports] == [("DELIVERED", "m1")]
        assert [(r.address, r.text) for r in replies] == [("15400000001", "退订")]
        assert centre.acknowledged == 0, "not before it is in safe hands"
        line.arrived()
        line.close()
        assert _until(lambda: centre.acknowledged == 2)


def _heard(line: Connector) -> tuple[list[Any], list[Any]]:
    reports: list[Any] = []
    replies: list[Any] = []
    until = time.monotonic() + 5
    while time.monotonic() < until and not (reports and replies):
        one, two = line.arrived()
        if one or two:
            return one, two
    return reports, replies


def _until(so: Any) -> bool:
    until = time.monotonic() + 5
    while not so() and time.monotonic() < until:
        time.sleep(0.01)
    return bool(so())


def test_a_long_chinese_text_travels_in_parts_and_comes_together() -> None:
    with message_centre() as centre:
        line = smpp(centre.port)
        receipt = line.send(outgoing(text=LONG))
        line.close()
        assert receipt.parts == len(centre.got) == -(-len(LONG) // 67)
        assert {one.coding for one in centre.got} == {8}
        assert all(one.esm & 0x40 for one in centre.got), "each part says that it is one"
        assert [one.content[5] for one in centre.got] == list(range(1, receipt.parts + 1))
        assert b"".join(one.content[6:] for one in centre.got).decode("utf-16-be") == LONG
        assert [one.registered for one in centre.got] == [0] * (receipt.parts - 1) + [1]


@pytest.mark.parametrize(("status", "fate", "bad"), [
    (0x58, Fate.LATER, False), (0x14, Fate.LATER, False), (0x0B, Fate.REFUSED, True), (0x45, Fate.REFUSED, False),
])  # fmt: skip
def test_what_a_message_centre_refuses(status: int, fate: Fate, bad: bool) -> None:
    with message_centre() as centre:
        centre.status = lambda _: status
        line = smpp(centre.port)
        receipt = line.send(outgoing())
        line.close()
        assert (receipt.fate, receipt.bad_address) == (fate, bad)


def test_a_message_centre_that_dies_with_the_text_leaves_it_uncertain_and_a_wrong_password_does_not() -> None:
    with message_centre() as centre:
        centre.die_after_taking = True
        assert smpp(centre.port).send(outgoing()).fate is Fate.UNCERTAIN
        assert len(centre.got) == 1
        assert smpp(centre.port, "wrong").send(outgoing()).fate is Fate.LATER
    assert smpp(mail_server.free_port()).send(outgoing()).fate is Fate.LATER


def signed(port: int) -> Connector:
    return opened("http_signed", {"secret": SECRET}, url=f"http://127.0.0.1:{port}/messages")


def test_a_signed_request_is_taken_once_and_asked_for_by_its_key() -> None:
    def answer(asked: Asked) -> tuple[int, Any]:
        key = asked.headers["idempotency-key"]
        wanted = http_signed.signature(SECRET, asked.headers["x-fairdue-time"], key, asked.body)
        assert asked.headers["x-fairdue-signature"] == wanted
        if asked.verb == "GET":
            return (200, {"ref": "g1"}) if asked.path.endswith("a" * 32) else (404, {})
        return 202, {"ref": "g1", "cost": 9, "parts": 2}

    with http_peer(answer) as peer:
        line = signed(peer.port)
        receipt = line.send(outgoing())
        assert (receipt.fate, receipt.ref, receipt.cost, receipt.parts) == (Fate.TAKEN, "g1", 9, 2)
        fates = [found.fate for key in ("a", "b") if (found := line.find(outgoing(key=key * 32))) is not None]
        assert fates == [Fate.TAKEN, Fate.LATER]


@pytest.mark.parametrize(("status", "fate"), [
    (409, Fate.TAKEN), (429, Fate.LATER), (400, Fate.REFUSED), (500, Fate.UNCERTAIN), (0, Fate.UNCERTAIN),
])  # fmt: skip
def test_what_a_gateway_answers_is_one_of_four_fates(status: int, fate: Fate) -> None:
    with http_peer(lambda _: (status, {})) as peer:
        assert signed(peer.port).send(outgoing()).fate is fate


def told(body: bytes, at: int, now: int, secret: str = SECRET) -> Any:
    headers = {"X-Fairdue-Time": str(at), "Idempotency-Key": "n1",
               "X-Fairdue-Signature": http_signed.signature(secret, str(at), "n1", body)}  # fmt: skip
    return http_signed.told(Settings("g", {}, {"secret": SECRET}), headers, body, now)


def test_reports_are_believed_only_when_signed_and_fresh() -> None:
    body = json.dumps(
        {"reports": [{"kind": "READ", "key": "k"}], "replies": [{"from": "154", "text": "T", "ref": "9"}]}
    ).encode()
    reports, replies = told(body, 1000, 1100)
    assert (reports[0].kind, replies[0].text) == ("READ", "T")
    with pytest.raises(NotSignedRight):
        told(body, 1000, 1301)
    with pytest.raises(NotSignedRight):
        told(body, 1000, 1000, "forged")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the library looks for a module that Python has dropped
def test_staff_are_told_by_json_and_the_three_messengers_are_known() -> None:
    with http_peer(lambda _: (200, {})) as peer:
        line = opened("notice", {"urls": f"json://127.0.0.1:{peer.port}/"})
        assert line.send(Outgoing("k", "", "3 messages", "zh", "fairdue")).fate is Fate.TAKEN
        assert peer.asked[0].said["message"] == "3 messages"
    import apprise

    for url in ("wecombot://botkey123456", "dingtalk://abc123token/", "feishu://token123456"):
        assert apprise.Apprise().add(url), url


def test_a_notice_serves_no_channel_to_borrowers(tmp_path: Path) -> None:
    file = tmp_path / "senders.yaml"
    file.write_text("senders:\n  - {code: n, connector: notice, channels: [SMS], settings: {urls: 'json://x'}}\n")
    with pytest.raises(WrongFiles, match="for staff"):
        load_senders(file)


def test_the_file_of_senders_says_every_fault_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "senders.yaml"
    file.write_text(
        "senders:\n  - {code: a, connector: pigeon, channels: [SMS]}\n  - {code: b, connector: smtp, channels: [EMAIL]}\n"
    )
    with pytest.raises(WrongFiles) as wrong:
        load_senders(file)
    assert "line 2: there is no connector 'pigeon'" in wrong.value.sentence("en")


def test_without_a_file_nothing_is_sent() -> None:
    with pytest.raises(NoSender):
        load_senders(None).of("bank", Channel.SMS)
