"""Invents people around a book that names nobody, so that screens have someone to greet.

Nothing is drawn at random: everything follows from a hash of the customer's reference, so the same book has the same
people. Every row says it is invented, and no number can ring: 154 has the form of a mobile number of mainland China,
but the range is assigned to no network (the number plan as kept by libphonenumber, which a test asks).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path

MAPPING = "canonical-people"
NUMBER_RANGE = "154"
ZONE = "Asia/Shanghai"

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋"
    "余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英文华建国玉兰志红海燕晓东雪梅春林丹"
    "萍鹏飞婷宇浩欣怡子涵思远嘉琪俊博佳宁雨桐晨曦"
)
_PLACES = ("上海", "北京", "广州", "深圳", "杭州", "南京", "成都", "武汉", "西安", "重庆", "苏州", "厦门")
_PER_MILLE_SHORT_NAME = 300
_PER_MILLE_WITHOUT_PHONE = 30
_PER_MILLE_DEAD_NUMBER = 40
_PER_MILLE_WITHOUT_ZONE = 10


@dataclass(frozen=True)
class Invented:
    """One row of the file of people; empty: not known."""

    customer_ref: str
    name: str
    id_type: str
    id_no: str
    phone: str
    phone_source: str
    phone_reserved: str
    phone_status: str
    place: str
    zone: str
    language: str
    invented: str = "1"


class _Draws:
    """Numbers that look drawn and follow from the reference alone."""

    def __init__(self, ref: str, attempt: int = 0) -> None:
        self._rest = int.from_bytes(sha256(f"fairdue demo {attempt} {ref}".encode()).digest())

    def below(self, bound: int) -> int:
        """The next number below `bound`."""
        self._rest, drawn = divmod(self._rest, bound)
        return drawn


def invent(refs: Iterable[str]) -> Iterator[Invented]:
    """One person per reference; some have no phone, a dead number, or no known time zone, for the guard to refuse."""
    taken: set[str] = set()
    for ref in refs:
        yield _person(ref, taken)


def _person(ref: str, taken: set[str]) -> Invented:
    draw = _Draws(ref)
    name = _pick(draw, _SURNAMES) + _pick(draw, _GIVEN)
    if draw.below(1000) >= _PER_MILLE_SHORT_NAME:
        name += _pick(draw, _GIVEN)
    place = _pick(draw, _PLACES)
    has_phone = draw.below(1000) >= _PER_MILLE_WITHOUT_PHONE
    dead = draw.below(1000) < _PER_MILLE_DEAD_NUMBER
    zone = ZONE if draw.below(1000) >= _PER_MILLE_WITHOUT_ZONE else ""
    document = f"DEMO{draw.below(10**8):08}"  # nobody's: no authority numbers its documents like this
    if not has_phone:
        return Invented(ref, name, "OTHER", document, "", "", "", "", place, zone, "zh")
    number = _number(ref, taken)
    return Invented(
        ref, name, "OTHER", document, number, "INVENTED", "1", "INVALID" if dead else "GOOD", place, zone, "zh"
    )


def _pick(draw: _Draws, choices: Sequence[str]) -> str:
    return choices[draw.below(len(choices))]


def _number(ref: str, taken: set[str]) -> str:
    """A number nobody has, and nobody else in the book."""
    attempt = 0
    while (number := f"{NUMBER_RANGE}{_Draws(ref, 1 + attempt).below(10**8):08}") in taken:
        attempt += 1
    taken.add(number)
    return number


def write(path: Path, refs: Iterable[str]) -> int:
    """Write a file of people for the import; the number of rows."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(field.name for field in fields(Invented))
        for person in invent(refs):
            writer.writerow(getattr(person, field.name) for field in fields(Invented))
            rows += 1
    return rows
