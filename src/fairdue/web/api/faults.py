"""What can be wrong with a request itself, whatever it is about; and the status with which every fault is answered."""

from __future__ import annotations

from fairdue.core.errors import Fault


class NoKey(Fault):
    """Nobody is known by it."""

    code = "api.no-key"
    en, en_remedy = "The request carries no key that opens.", "Send `Authorization: Bearer KEY` with a key in force."
    zh, zh_remedy = "请求未携带有效密钥。", "请在请求头中发送 `Authorization: Bearer 密钥`，且密钥在有效期内。"


class NoScope(Fault):
    """The key is for other things."""

    code = "api.no-scope"
    en, en_remedy = "The key has no scope '{scope}'.", "Use a key that has it, or have one made."
    zh, zh_remedy = "该密钥没有权限范围“{scope}”。", "请使用具有该权限的密钥，或申请新密钥。"


class NotForRole(Fault):
    """The role does not do this."""

    code = "api.not-for-role"
    en, en_remedy = "The key works as {role}, who does not do this.", "Use a key that works as somebody who does."
    zh, zh_remedy = "该密钥以“{role_zh}”身份工作，无此操作。", "请使用具有相应角色的密钥。"


class NotThere(Fault):
    """The row does not exist, or not for this key; which of the two is not said."""

    code = "api.not-there"
    en, en_remedy = "There is nothing at this address.", "Check the address and whose rights the key has."
    zh, zh_remedy = "该地址没有内容。", "请核对地址以及密钥的权限。"


class NotThisWay(Fault):
    """The address is there, the method is not."""

    code = "api.not-this-way"
    en, en_remedy = "This address is not for {method}.", "See the operations in openapi.json."
    zh, zh_remedy = "该地址不支持 {method}。", "请查阅 openapi.json 中的操作。"


class TooManyRequests(Fault):
    """The bucket is empty."""

    code = "api.too-many-requests"
    en, en_remedy = "The key may make {limit} requests a minute.", "Ask again in {wait} seconds."
    zh, zh_remedy = "该密钥每分钟最多 {limit} 次请求。", "请于 {wait} 秒后重试。"


class NoIdempotencyKey(Fault):
    """A write may be sent twice by a network, and must not be done twice."""

    code = "api.no-idempotency-key"
    en = "A write needs the header Idempotency-Key: 8 to 64 letters, digits, hyphens or underscores."
    en_remedy = "Send a new one, such as a UUID, for every new request, and the same one when you repeat it."
    zh = "写入请求须带 Idempotency-Key 请求头：8 至 64 个字母、数字、连字符或下划线。"
    zh_remedy = "每个新请求使用新的键（如 UUID），重发时使用原键。"


class IdempotencyKeyReused(Fault):
    """The key stands for another request."""

    code = "api.idempotency-key-reused"
    en, en_remedy = "This Idempotency-Key was used for another request.", "Use a new one for every new request."
    zh, zh_remedy = "该 Idempotency-Key 已用于另一请求。", "每个新请求请使用新的键。"


class Malformed(Fault):
    """The body cannot be read at all."""

    code = "api.malformed"
    en, en_remedy = "The body cannot be read: {why}.", "Send what openapi.json describes."
    zh, zh_remedy = "无法读取请求内容：{why_zh}。", "请按 openapi.json 的说明发送。"


class TooLarge(Fault):
    """More than a request may carry."""

    code = "api.too-large"
    en, en_remedy = "The body is larger than {limit} bytes.", "Send less at once."
    zh, zh_remedy = "请求内容超过 {limit} 字节。", "请减少单次发送的内容。"


class WrongMediaType(Fault):
    """Not the kind of body this operation takes."""

    code = "api.wrong-media-type"
    en, en_remedy = "This operation takes {takes}.", "Send that, and say so in Content-Type."
    zh, zh_remedy = "该操作只接受 {takes}。", "请按此格式发送并在 Content-Type 中注明。"


class Invalid(Fault):
    """Fields that are missing or wrong."""

    code = "api.invalid"
    en, en_remedy = "{count} field(s) of the request are wrong.", "See `errors` for which and why."
    zh, zh_remedy = "请求中有 {count} 个字段有误。", "具体字段与原因见 `errors`。"


class UnknownWord(Fault):
    """Words in the query that the operation does not know."""

    code = "api.unknown-query"
    en, en_remedy = "The query has words this operation does not know: {words}.", "Leave them out, or correct them."
    zh, zh_remedy = "查询中有该操作不认识的参数：{words}。", "请删除或更正。"


class BadCursor(Fault):
    """Not a cursor of ours for this list."""

    code = "api.bad-cursor"
    en, en_remedy = "This cursor does not belong to this list.", "Begin again without one."
    zh, zh_remedy = "该游标不属于此列表。", "请去掉游标重新开始。"


class ContactRefused(Fault):
    """The guard's answer; `reasons` of the problem say which rules, `next_lawful` from when."""

    code = "api.contact-refused"
    en, en_remedy = "The guard refuses this contact.", "Next lawful time: {when}. See `reasons`."
    zh, zh_remedy = "合规闸门不允许本次联系。", "下一合法时间：{when}。原因见 `reasons`。"


class NoSuchMapping(Fault):
    """Not one of those that ship."""

    code = "api.no-such-mapping"
    en, en_remedy = "There is no mapping '{mapping}'.", "Known: {known}."
    zh, zh_remedy = "没有映射“{mapping}”。", "可用：{known}。"


class NoFile(Fault):
    """A file without a byte."""

    code = "api.no-file"
    en, en_remedy = "The file is empty.", "Send a file with a header and rows."
    zh, zh_remedy = "文件为空。", "请发送含表头和数据行的文件。"


class NotOurCurrency(Fault):
    """A lender's book is kept in one currency."""

    code = "api.not-our-currency"
    en, en_remedy = "The book is kept in {ours}, not in {theirs}.", "Report it to the lender that keeps its book in it."
    zh, zh_remedy = "账册以 {ours} 计，而非 {theirs}。", "请向以该币种记账的机构报送。"


class Broken(Fault):
    """Ours, not the asker's."""

    code = "api.broken"
    en, en_remedy = (
        "Something went wrong here; nothing was changed.",
        "Ask again; if it stays so, tell your operator {id}.",
    )
    zh, zh_remedy = "服务端出现故障，未作任何更改。", "请重试；如仍出现，请告知运维人员编号 {id}。"


STATUS: dict[type[Fault], int] = {
    NoKey: 401, NoScope: 403, NotForRole: 403, NotThere: 404, NotThisWay: 405, TooManyRequests: 429,
    NoIdempotencyKey: 400, IdempotencyKeyReused: 422, Malformed: 400, TooLarge: 413, WrongMediaType: 415, Invalid: 422,
    BadCursor: 422, ContactRefused: 409, Broken: 500,
}  # fmt: skip
# Faults of the business that say how things stand, not what is wrong with the request.
CONFLICTS = frozenset({
    "contact.not-reserved", "contact.key-reused", "contact.quiet", "plan.not-open", "plan.figures-changed", "plan.runs",
    "approval.own", "approval.decided",
})  # fmt: skip


def status_of(fault: Fault) -> int:
    """The HTTP status of a fault."""
    return STATUS.get(type(fault), 409 if fault.code in CONFLICTS else 422)
