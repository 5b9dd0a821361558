"""Columns that may not come in are known by any of their names; columns that may are not mistaken for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from loading import write

from fairdue import intake
from fairdue.intake.canonical import KINDS

REFUSED = [
    "通讯录", "手机通讯录JSON", "address_book", "Phone Book", "contact-list",
    "通话记录", "近三月通话详单", "CALL_LOG", "call history", "短信记录",
    "微信", "微信好友", "QQ", "qq号", "ＱＱ号", "weibo", "WeChat ID", "社交账号", "facebook_url",
    "户籍地址", "户口所在地", "家庭成员", "父亲姓名", "hukou",
    "社保账号", "公积金缴存基数", "social_security_no",
    "GPS", "last_gps", "经度", "Latitude", "行踪轨迹", "location history",
    "人脸照片", "fingerprint",
    "联系人1电话", "紧急联系人姓名", "emergency_contact_phone", "配偶电话", "单位电话",
]  # fmt: skip
WELCOME = [
    "联系电话", "本人手机", "家庭地址", "通讯地址", "合同号", "产品", "账单日", "委案城市", "备注", "单位名称", "停催时间",
    "location", "place", "contact_phone", "reference", "phone", "address", "callable", "recall_date", "liquidity",
]  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_forbidden_column_refuses_the_whole_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(intake.FileFault) as said:
        intake.open_source(write(tmp_path / "b.csv", f"account_no,customer_ref,balance,{name}\nA,C,1,x\n"))
    assert said.value.code == "intake.forbidden-columns"
    zh, en = said.value.sentence("zh"), said.value.sentence("en")
    assert name in zh
    assert name in en
    assert "《" in zh
    assert " art" in en


@pytest.mark.parametrize("name", WELCOME)
def test_other_columns_are_not_mistaken_for_forbidden_ones(tmp_path: Path, name: str) -> None:
    source = intake.open_source(write(tmp_path / "b.csv", f"account_no,customer_ref,balance,{name}\nA,C,1,x\n"))
    assert name in source.columns


def test_no_canonical_or_shipped_column_is_forbidden(tmp_path: Path) -> None:
    for kind, columns in KINDS.items():
        header = ",".join(column.name for column in columns)
        assert intake.open_source(write(tmp_path / f"{kind}.csv", header + "\n"), kind=kind).columns
    for name in intake.shipped():
        mapping = intake.load_mapping(name)
        names = dict.fromkeys(
            [source for target in mapping.targets for source in target.sources] + list(mapping.ignored)
        )
        assert intake.open_source(write(tmp_path / f"{name}.csv", ",".join(names) + "\n"), kind=mapping.kind).columns


def test_ignoring_a_forbidden_column_does_not_let_it_in(tmp_path: Path) -> None:
    mapping = write(
        tmp_path / "m.yaml",
        "kind: schedule\ncolumns: {account_no: , due_on: , amount: }\n"
        "ignored: [{columns: [微信], reason: {zh: 不用, en: unused}}]\n",
    )
    path = write(tmp_path / "s.csv", "account_no,due_on,amount,微信\nA,2026-01-01,1,x\n")
    with pytest.raises(intake.FileFault, match="social accounts"):
        intake.open_source(path, intake.load_mapping(mapping))


def test_a_log_of_contacts_may_be_one_and_may_say_whom_it_reached_and_no_more(tmp_path: Path) -> None:
    log = write(tmp_path / "log.csv", "通话记录编号,联系人关系,被叫号码\n1,本人,1\n")
    assert intake.open_source(log, kind="contacts").columns == ("通话记录编号", "联系人关系", "被叫号码")
    with pytest.raises(intake.FileFault):
        intake.open_source(log)
    with pytest.raises(intake.FileFault, match="location tracks"):
        intake.open_source(write(tmp_path / "visits.csv", "person,at,gps\n1,2,3\n"), kind="contacts")
