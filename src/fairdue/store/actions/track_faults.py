"""What can be refused about a track, in both languages, with what to do."""

from __future__ import annotations

from collections.abc import Iterable

from fairdue.core.errors import Fault
from fairdue.rules.tracks.parts import EvidenceKind
from fairdue.store.models import Complaint, User


class UnknownTrack(Fault):
    """The kind is not in rules/tracks."""

    code = "track.unknown"
    en, en_remedy = "There is no track '{kind}'.", "Choose one of those shown."
    zh, zh_remedy = "没有“{kind}”这一专项处理。", "请从页面列出的类型中选择。"


class WordsNeeded(Fault):
    """A track begins with what somebody said."""

    code = "track.words-needed"
    en, en_remedy = "Say what the person said.", "Write it in their words; it is the first evidence."
    zh, zh_remedy = "请填写对方的说法。", "请尽量用原话记录，这是第一份材料。"


class DayAhead(Fault):
    """It has not happened yet."""

    code = "track.day-ahead"
    en, en_remedy = "{day} is still to come.", "Give the day on which it was said or received."
    zh, zh_remedy = "{day} 尚未到来。", "请填写提出或收到的日期。"


class RoleCannot(Fault):
    """Another role does this."""

    code = "track.role-cannot"
    en, en_remedy = "This is done by: {roles}.", "It is among their tasks; add evidence so that they can go on."
    zh, zh_remedy = "该事项由{roles_zh}办理。", "已列入其任务，您可以补充材料。"


class UnknownEvidence(Fault):
    """Not asked for by this track."""

    code = "track.unknown-evidence"
    en, en_remedy = "'{code}' is no evidence of this track.", "Choose one of the kinds shown."
    zh, zh_remedy = "本专项没有材料类型“{code}”。", "请从页面列出的材料中选择。"


class NothingAdded(Fault):
    """Neither words nor a file."""

    code = "track.nothing-added"
    en, en_remedy = "There is neither a text nor a file.", "Write what it shows, or choose a file."
    zh, zh_remedy = "没有填写说明，也没有选择文件。", "请填写说明或选择文件。"


class FileTooLarge(Fault):
    """The database is no archive of films."""

    code = "track.file-too-large"
    en, en_remedy = "The file is larger than {megabytes} MB.", "Save it smaller, or in parts."
    zh, zh_remedy = "文件超过 {megabytes} MB。", "请压缩或分批上传。"


class NoExtension(Fault):
    """The last step was taken."""

    code = "track.no-extension"
    en, en_remedy = "The time cannot be made longer any more.", "Decide by the last day."
    zh, zh_remedy = "期限不能再延长。", "请在期限届满前作出决定。"


class AskedAlready(Fault):
    """One request at a time."""

    code = "track.asked-already"
    en, en_remedy = "A longer time was asked for already.", "Wait for the answer, or ask whoever may approve it."
    zh, zh_remedy = "已提交延期申请。", "请等待审批，或提醒审批人。"


class NothingAsked(Fault):
    """There is no request."""

    code = "track.nothing-asked"
    en, en_remedy = "Nobody has asked for a longer time.", "It is asked for first, and approved by somebody else."
    zh, zh_remedy = "没有待审批的延期申请。", "须先申请，再由他人审批。"


class OwnRequest(Fault):
    """Two pairs of eyes."""

    code = "track.own-request"
    en, en_remedy = "Nobody approves an own request.", "Ask a colleague who may approve it."
    zh, zh_remedy = "不得审批本人的申请。", "请由其他有权人员审批。"


class UnknownDecision(Fault):
    """Not one of the track's decisions."""

    code = "track.unknown-decision"
    en, en_remedy = "'{code}' cannot be decided here.", "Choose one of the decisions shown."
    zh, zh_remedy = "没有可作出的决定“{code}”。", "请从页面列出的决定中选择。"


class EvidenceMissing(Fault):
    """A decision stands on evidence."""

    code = "track.evidence-missing"
    en, en_remedy = "This decision needs: {names}.", "Add what is missing, then decide."
    zh, zh_remedy = "作出该决定还缺少：{names_zh}。", "请补齐材料后再决定。"


class ReasonNeeded(Fault):
    """Every step has a reason."""

    code = "track.reason-needed"
    en, en_remedy = "This step needs a reason.", "Write a sentence that somebody else would understand."
    zh, zh_remedy = "请填写理由。", "请写一句他人能看懂的话。"


class AnotherOpen(Fault):
    """One of a kind at a time."""

    code = "track.another-open"
    en, en_remedy = "Another track of this kind is open on the case.", "Go on there."
    zh, zh_remedy = "该案件已有同类处理在进行中。", "请在其中继续办理。"


class ComplaintUnsorted(Fault):
    """What was learned is part of the answer."""

    code = "complaint.unsorted"
    en = "Before it is decided a complaint has a category, a root cause, the regulator's class and what was learned."
    en_remedy = "Fill in the findings first."
    zh, zh_remedy = "作出决定前，须填写投诉类别、根本原因、监管分类和改进措施。", "请先填写核查结果。"


class OwnMatter(Fault):
    """Nobody judges a complaint about themselves."""

    code = "complaint.own-matter"
    en, en_remedy = "The complaint is about you.", "Somebody without interest in the matter handles it."
    zh, zh_remedy = "该投诉涉及您本人。", "须由无利害关系的人员处理。"


def of_complaint(complaint: Complaint | None, user: User) -> Fault | None:
    """What stands against deciding a complaint: an interest in the matter, or what is not filled in yet."""
    if complaint is None:
        return None
    if complaint.about_user_id == user.pk:
        return OwnMatter()
    filled = complaint.category and complaint.root_cause and complaint.regulator_class and complaint.learned
    return None if filled else ComplaintUnsorted()


def lacking(codes: Iterable[str], kinds: Iterable[EvidenceKind]) -> EvidenceMissing:
    """What a decision still needs, by name."""
    wanted = set(codes)
    named = [known.label for known in kinds if known.code in wanted]
    return EvidenceMissing(names="; ".join(n["en"] for n in named), names_zh="；".join(n["zh"] for n in named))
