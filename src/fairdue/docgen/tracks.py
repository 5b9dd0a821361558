"""Tracks and the lists complaints are sorted by, as they were loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fairdue.core.errors import Lang
from fairdue.docgen.markdown import Both, both, code, codes, table
from fairdue.rules.clocks import Clock
from fairdue.rules.complaints import load_signals, load_taxonomy
from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.tracks import TrackKind, load_tracks
from fairdue.rules.tracks.parts import Choice

WORDS: dict[str, Both] = {
    "stops": both("Stops", "停止"), "nothing": both("nothing", "不停催"), "outcomes": both("Opened by", "开启的结果码"),
    "hand": both("by hand", "手工登记"), "clock": both("Clock", "期限"), "extensions": both("May be extended to", "可延长至"),
    "evidence": both("Evidence", "材料"), "tells": both("Who is told", "通知"), "resumes": both("How work resumes", "如何恢复"),
    "never": both("Never", "严禁"), "decision": both("Decision", "决定"), "leads": both("Leads to", "结果"),
    "by": both("Decided by", "决定人"), "needs": both("Needs", "所需材料"), "next": both("Next", "后续"),
    "person": both("The stop outlives the case: it is about the person.", "停催针对个人，案件关闭后仍然有效。"),
    "approved": both("approved by", "审批人"), "moves": both("moves off days of rest", "末日遇休息日顺延"),
    "code": both("Code", "代码"), "meaning": both("Meaning", "含义"), "class": both("Class for the regulator", "监管分类"),
}  # fmt: skip
LISTS: dict[str, Both] = {
    "came_by": both("How complaints come in", "投诉来源"),
    "categories": both("Categories", "投诉类别"),
    "root_causes": both("Root causes", "根本原因"),
    "classes": both("Classes for the regulator", "监管分类"),
}
SIGNALS: Both = both("Signs of organised claims", "疑似有组织主张的线索")
SIGNALS_INTRO: Both = both(
    "Shown to a lead or compliance, who look at them. Nothing else follows: no claim is handled later, worse or otherwise.",
    "仅供主管和合规人工核查，不产生任何其他后果：不会因此延后、从严或区别处理。",
)


def body(lang: Lang) -> Sequence[str]:
    """Every track, then the lists."""
    parts: list[str] = []
    for kind in load_tracks().values():
        parts += [f"## {code(kind.id)} {kind.title[lang]}", kind.meaning[lang], "\n".join(_facts(kind, lang))]
        parts.append(_choices(kind, lang))
    return [*parts, *_lists(lang)]


def _facts(kind: TrackKind, lang: Lang) -> Iterator[str]:
    words = {name: text[lang] for name, text in WORDS.items()}
    opened = [code(o.code) for o in load_outcomes().all.values() if o.track == kind.id] or [words["hand"]]
    colon = "：" if lang == "zh" else ": "
    yield f"- {words['stops']}{colon}{code(kind.stop) if kind.stop else words['nothing']}"
    if kind.follows_person:
        yield f"- {words['person']}"
    yield f"- {words['outcomes']}{colon}{', '.join(opened)}"
    yield f"- {words['clock']}{colon}{_clock(kind.clock, lang)}"
    for extension in kind.extensions:
        who = ", ".join(role.label(lang) for role in sorted(extension.approvers))
        yield f"- {words['extensions']}{colon}{_clock(extension.clock, lang)}; {extension.when[lang]}; {words['approved']} {who}"
    yield f"- {words['tells']}{colon}{'; '.join(f'{t.role.label(lang)} – {t.detail[lang]}' for t in kind.tells)}"
    yield f"- {words['evidence']}{colon}{'; '.join(f'{code(e.code)} {e.label[lang]}' for e in kind.evidence)}"
    yield f"- {words['resumes']}{colon}{kind.resumes[lang]}"
    if kind.never[lang]:
        yield f"- {words['never']}{colon}{kind.never[lang]}"


def _clock(clock: Clock, lang: Lang) -> str:
    source = f"{clock.source.instrument[lang]} {clock.source.article[lang]}".strip()
    moves = f", {WORDS['moves'][lang]}" if clock.moves else ""
    return f"{clock.count} {clock.unit.label(lang)}{moves} ({source}, {clock.source.confidence})"


def _choices(kind: TrackKind, lang: Lang) -> str:
    head = [WORDS[name][lang] for name in ("decision", "leads", "by", "needs", "next")]
    return table(head, [_choice(choice, lang) for choice in kind.decisions])


def _choice(choice: Choice, lang: Lang) -> tuple[str, ...]:
    review = f" ({choice.review.count} {choice.review.unit.label(lang)})" if choice.review else ""
    return (
        f"{code(choice.code)} {choice.label[lang]}", choice.then.label(lang) + review,
        ", ".join(role.label(lang) for role in sorted(choice.by)), codes(choice.needs), choice.next[lang],
    )  # fmt: skip


def _lists(lang: Lang) -> Iterator[str]:
    known = load_taxonomy()
    for name, title in LISTS.items():
        yield f"## {title[lang]}"
        rows = [[code(item), words[lang]] for item, words in getattr(known, name).items()]
        head = [WORDS["code"][lang], WORDS["meaning"][lang]]
        if name == "categories":
            head.append(WORDS["class"][lang])
            rows = [[*row, code(known.class_of[item])] for row, item in zip(rows, known.categories, strict=True)]
        yield table(head, rows)
    yield f"## {SIGNALS[lang]}"
    yield SIGNALS_INTRO[lang]
    yield "\n".join(f"- {code(sign.code)} {sign.label[lang]}" for sign in load_signals().values())
