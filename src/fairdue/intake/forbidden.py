"""Columns that collections may not hold, refused by name: address books, call records, social accounts and the like.

Lawful sources of contact data are few (CN-PARTY-08), personal data is kept to what is needed (PIPL art. 6) and on a
legal basis (art. 13), sensitive data needs separate consent (arts 28, 29), and trading in it is a crime (刑法 253-1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fairdue.intake.faults import ForbiddenColumns
from fairdue.intake.mapping import folded


@dataclass(frozen=True)
class Law:
    """What forbids it, as it is cited, and how sure we are of the text (V: read, S: from a second hand)."""

    zh: str
    en: str
    confidence: str


@dataclass(frozen=True)
class Forbidden:
    """A kind of data, the names it goes by (folded, without separators), and what forbids it."""

    zh: str
    en: str
    names: re.Pattern[str]
    laws: tuple[Law, ...]


_SIX = Law("《个人信息保护法》第六条", "PIPL art. 6", "V")
_THIRTEEN = Law("《个人信息保护法》第十三条", "PIPL art. 13", "V")
_SENSITIVE = Law("《个人信息保护法》第二十八、二十九条", "PIPL arts 28 and 29", "V")
_CRIME = Law("《刑法》第二百五十三条之一", "Criminal Law art. 253-1", "V")
_SOURCES = Law(
    "《金融机构个人消费类贷款催收工作指引（试行）》（CN-PARTY-08）",
    "China Banking Association, collection guidance 2026 (CN-PARTY-08)",
    "S",
)


def _kind(zh: str, en: str, names: str, *laws: Law) -> Forbidden:
    return Forbidden(zh, en, re.compile(names), laws)


FORBIDDEN = (
    _kind("通讯录", "address books",
          r"通讯录|通信录|电话簿|addressbook|phonebook|contactbook|contacts?list|^contacts(json)?$",
          _SIX, _THIRTEEN, _CRIME, _SOURCES),
    _kind("通话记录", "call records",
          r"通话(记录|详单|清单|明细)|话单|详单|短信(记录|详单|内容)|call(log|record|histor|detail)|smslog|cdr$",
          _SIX, _THIRTEEN, _CRIME, _SOURCES),
    _kind("社交账号", "social accounts",
          r"微信|微博|抖音|快手|陌陌|^qq|qq(号|群|好友|number|id)|社交|wechat|weixin|weibo|douyin|facebook|instagram|tiktok|"
          r"whatsapp|telegram|twitter|socialaccount|socialmedia",
          _SIX, _THIRTEEN, _SOURCES),
    _kind("户籍与家庭成员", "family registers and household members",
          r"户籍|户口|家庭成员|家属|亲属|父亲|母亲|子女|hukou|householdregister|familyregister|familymember|relatives?(name|phone|mobile)",
          _SIX, _THIRTEEN),
    _kind("社保、医保与公积金", "social-security data",
          r"社保|社会保险|社会保障|医保|医疗保险|公积金|socialsecurity|socialinsurance|medicalinsurance|providentfund",
          _SIX, _THIRTEEN, _SENSITIVE),
    _kind("行踪轨迹与定位", "location tracks",
          r"轨迹|行踪|定位|经纬度|经度|纬度|基站|^gps|gps$|gps(坐标|定位)|latitude|longitude|geolocation|locationtrack|locationhistor|locationlog",
          _SIX, _SENSITIVE),
    _kind("生物识别信息", "biometric data",
          r"人脸|指纹|虹膜|声纹|faceimage|faceid|fingerprint|voiceprint|biometric",
          _SIX, _SENSITIVE),
    _kind("无合法依据的联系人信息", "contact persons without a recorded legal basis",
          r"联系人|配偶(姓名|电话|手机|号码)|单位电话|公司电话|同事|第三方电话|emergencycontact|contactperson|reference(name|phone|mobile)|"
          r"spouse(name|phone|mobile)|employerphone|companyphone|colleague",
          _THIRTEEN, _SOURCES),
)  # fmt: skip


# What a kind of file is about cannot be forbidden in it: an agency's log of its own contacts is a log of calls, and says
# whether the debtor or a contact person was called.
_ABOUT: Mapping[str, tuple[str, ...]] = {"contacts": ("call records", "contact persons without a recorded legal basis")}


def refuse_forbidden(file: str, names: Iterable[str], kind: str = "") -> None:
    """Raises `ForbiddenColumns` when a column or a sheet has a name that stands for data forbidden in that kind of file."""
    found: dict[Forbidden, list[str]] = {}
    for name in names:
        for one in FORBIDDEN:
            if one.en not in _ABOUT.get(kind, ()) and one.names.search(_bare(name)):
                found.setdefault(one, []).append(name)
    if found:
        laws = dict.fromkeys(law for one in found for law in one.laws)
        raise ForbiddenColumns(
            file=file,
            zh="、".join(f"{one.zh}（{'、'.join(columns)}）" for one, columns in found.items()),
            en=", ".join(f"{one.en} ({', '.join(columns)})" for one, columns in found.items()),
            law_zh="、".join(law.zh for law in laws),
            law_en="; ".join(law.en for law in laws),
            confidence={law.en: law.confidence for law in laws},
        )


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", folded(name))
