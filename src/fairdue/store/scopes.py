"""What a key to the API may be allowed: one scope for reading and one for writing per resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fairdue.core.errors import Fault, Lang

# Resource → what it is, and whether it can be written.
RESOURCES: Mapping[str, tuple[Mapping[Lang, str], bool]] = {
    "accounts": ({"zh": "账户", "en": "accounts"}, False),
    "books": ({"zh": "账册导入", "en": "books that are loaded"}, True),
    "cases": ({"zh": "案件", "en": "cases"}, False),
    "contacts": ({"zh": "联系预约与结果", "en": "contacts: reserve, confirm, release"}, True),
    "decisions": ({"zh": "决定及其理由", "en": "decisions and their reasons"}, False),
    "events": ({"zh": "事件", "en": "events"}, False),
    "guard": ({"zh": "合规判断", "en": "guard checks"}, False),
    "letters": ({"zh": "信函", "en": "letters"}, False),
    "messages": ({"zh": "消息", "en": "messages"}, False),
    "offers": ({"zh": "可提供的方案", "en": "offers"}, False),
    "payments": ({"zh": "还款", "en": "payments"}, True),
    "placements": ({"zh": "委外：委托与收回", "en": "placements: place, recall"}, True),
    "plans": ({"zh": "还款方案", "en": "plans"}, True),
    "promises": ({"zh": "还款承诺", "en": "promises to pay"}, False),
    "statements": ({"zh": "对账单", "en": "statements"}, False),
    "certificates": ({"zh": "结清证明", "en": "certificates"}, False),
    "wording": ({"zh": "话术检查", "en": "wording checks"}, False),
}
SCOPES: tuple[str, ...] = tuple(
    f"{name}:{way}" for name, (_, writes) in RESOURCES.items() for way in (("read", "write") if writes else ("read",))
)


class UnknownScope(Fault):
    """There is no such scope."""

    code = "key.unknown-scope"
    en, en_remedy = "There is no scope '{scope}'.", "Choose from: {known}."
    zh, zh_remedy = "没有权限范围“{scope}”。", "可选：{known}。"


def checked(scopes: Iterable[str]) -> list[str]:
    """The scopes, sorted and each once; `all` and `NAME` (both ways) are short for several. Raises `UnknownScope`."""
    found: set[str] = set()
    for scope in scopes:
        meant = [s for s in SCOPES if scope in ("all", s, s.split(":")[0])]
        if not meant:
            raise UnknownScope(scope=scope, known=", ".join(SCOPES))
        found.update(meant)
    return sorted(found)
