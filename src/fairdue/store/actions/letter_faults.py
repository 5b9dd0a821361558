"""Why a letter is not written, not issued or not changed."""

from __future__ import annotations

from fairdue.core.errors import Fault


class UnknownKind(Fault):
    """No such letter here."""

    code = "letter.unknown-kind"
    en, en_remedy = "There is no letter '{kind}' in the law pack of this lender.", "Choose one of those shown."
    zh, zh_remedy = "本机构的规则包中没有信函“{kind}”。", "请从列出的信函中选择。"


class NotForThem(Fault):
    """The kind is for other readers, debts or guarantees."""

    code = "letter.not-for-them"
    en, en_remedy = "“{kind}” is not written to this person about this debt.", "Choose another kind of letter."
    zh, zh_remedy = "“{kind_zh}”不适用于该收件人或该类债务。", "请选择其他信函。"


class NoAddress(Fault):
    """Nobody knows where it should go."""

    code = "letter.no-address"
    en, en_remedy = "No address in use is known for this person.", "Add one from a lawful source, or write to another."
    zh, zh_remedy = "没有该收件人的可用地址。", "请从合法来源补充地址，或改用其他方式。"


class FactWrong(Fault):
    """A stated fact cannot be read."""

    code = "letter.fact-wrong"
    en, en_remedy = "“{fact}”: ‘{value}’ cannot be used.", "Enter {wanted}."
    zh, zh_remedy = "“{fact_zh}”的取值“{value}”不可用。", "请填写{wanted_zh}。"


class DayAhead(Fault):
    """Nobody knows what will be owed."""

    code = "letter.day-ahead"
    en, en_remedy = "{on} is still to come.", "Date the letter today or earlier."
    zh, zh_remedy = "{on} 尚未到来。", "信函日期不得晚于今日。"


class NothingOwed(Fault):
    """A letter about a debt that is not there."""

    code = "letter.nothing-owed"
    en, en_remedy = "On {on} nothing was owed on these accounts.", "No such letter is needed; perhaps a certificate is."
    zh, zh_remedy = "截至 {on}，所选账户没有欠款。", "无需该信函；如需要可出具结清证明。"


class NotSettled(Fault):
    """A certificate of what is not so."""

    code = "letter.not-settled"
    en, en_remedy = "{total} is still owed on these accounts.", "A certificate follows when nothing is owed."
    zh, zh_remedy = "所选账户仍欠 {total}。", "结清后方可出具证明。"


class WordsRefused(Fault):
    """The wording check stops the letter."""

    code = "letter.words-refused"
    en, en_remedy = "The wording check refuses the letter: {what}.", "Change what was typed. {better}"
    zh, zh_remedy = "信函未通过话术检查：{what}。", "请修改填写的文字。{better}"


class Stale(Fault):
    """Money has moved, or time has passed."""

    code = "letter.stale"
    en, en_remedy = (
        "What is owed has changed, or the letter is older than {days} days.",
        "Withdraw it and write it anew.",
    )
    zh, zh_remedy = "欠款已有变动，或信函日期距今超过 {days} 日。", "请撤回并重新拟写。"


class NotReady(Fault):
    """A step out of order."""

    code = "letter.not-ready"
    en, en_remedy = "A letter that is “{state}” cannot take this step.", "Open the letter: it shows what may be done."
    zh, zh_remedy = "信函当前状态为“{state}”，不能进行该操作。", "请打开信函查看可进行的操作。"


class StepDay(Fault):
    """A day that cannot be."""

    code = "letter.step-day"
    en, en_remedy = "{on} is before the letter's last step ({last}) or still to come.", "Correct the day."
    zh, zh_remedy = "日期 {on} 早于上一步（{last}）或尚未到来。", "请更正日期。"


class ReasonNeeded(Fault):
    """A letter is not withdrawn without a reason."""

    code = "letter.reason-needed"
    en, en_remedy = "Withdrawing a letter needs a reason.", "Say in a few words what was wrong."
    zh, zh_remedy = "撤回信函须填写原因。", "请简要说明原因。"


class GuardRefused(Fault):
    """The guard lets no letter go now (for a list of letters; a single one shows every rule)."""

    code = "letter.guard-refused"
    en, en_remedy = (
        "The guard refuses the contact: {rules}.",
        "See the decision on the case; try again at the next lawful time.",
    )
    zh, zh_remedy = "合规守卫拒绝本次联系：{rules_zh}。", "请查看案件中的决定，在下一个合规时间再试。"


class PostNumberTaken(Fault):
    """One item of post, one letter."""

    code = "letter.post-number-taken"
    en, en_remedy = "The item number {post_no} belongs to another letter.", "Check the number on the receipt."
    zh, zh_remedy = "邮件号 {post_no} 已用于另一封信函。", "请核对收据上的邮件号。"


class WrongSeal(Fault):
    """No picture that can be set."""

    code = "letter.wrong-seal"
    en, en_remedy = (
        "The seal must be a PNG or SVG picture of at most {limit} bytes.",
        "Save it as PNG with a transparent ground.",
    )
    zh, zh_remedy = "印章须为 PNG 或 SVG 图片，且不超过 {limit} 字节。", "请另存为背景透明的 PNG。"
