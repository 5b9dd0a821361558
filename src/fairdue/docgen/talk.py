"""The conversation: aims, the table that leads to them, facts, promises, cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fairdue.core.aims import AimRow, Condition
from fairdue.core.errors import Lang
from fairdue.docgen.markdown import Both, both, code, codes, of, table
from fairdue.rules.talk.aims import load_aims, vocabulary
from fairdue.rules.talk.asides import load_asides, load_cards
from fairdue.rules.talk.facts import load_facts
from fairdue.rules.talk.graph import load_graph
from fairdue.rules.talk.promises import load_promise_policies
from fairdue.rules.talk.waterfall import load_waterfall

UNKNOWN: Both = both("not known", "未知")
ALWAYS: Both = both("always", "长期有效")


def body(lang: Lang) -> Sequence[str]:
    """The whole page."""
    return [*_aims(lang), *_rows(lang), *_facts(lang), *_promises(lang), *_order(lang), *_words(lang), *_cards(lang)]


def _title(en: str, zh: str, lang: Lang) -> str:
    return f"## {both(en, zh)[lang]}"


def _aims(lang: Lang) -> Iterator[str]:
    yield _title("Aims", "目标", lang)
    head = both(
        "Aim|Meaning|Teaches|Pursued by|Done when|Given up when", "目标|含义|应了解|由谁进行|完成标准|放弃条件"
    )[lang]
    rows = [
        (code(aim.name), of(aim)[lang], codes(card.learns), ", ".join(sorted(role.label(lang) for role in card.who)),
         card.done[lang], card.given_up[lang])
        for aim, card in load_aims().cards.items()
    ]  # fmt: skip
    yield table(head.split("|"), rows)


def _rows(lang: Lang) -> Iterator[str]:
    yield _title("From what is known to the next aim", "由已知情况推出下一目标", lang)
    yield both("The first row that fits decides; where none fits, the last outcome or the strategy proposes.",
               "第一个符合的行生效；没有行符合时，由上次结果或策略提出。")[lang]  # fmt: skip
    aims, names = load_aims(), {int(aim): aim.name for aim in load_aims().cards}
    rows = [(n, _when(row, lang), code(names[row.aim]), aims.why(n - 1)[lang]) for n, row in enumerate(aims.rows, 1)]
    yield table(both("Row|When|Aim|Reason shown", "行|条件|目标|显示的理由")[lang].split("|"), rows)


def _when(row: AimRow, lang: Lang) -> str:
    return "; ".join(f"{code(one.column)}: {_values(one, lang)}" for one in row.when)


def _values(one: Condition, lang: Lang) -> str:
    names = {number: name for name, number in vocabulary()[one.column].items()}
    said = [code(names[value]) if value in names else UNKNOWN[lang] for value in sorted(one.values)]
    return both("known", "已知")[lang] if one.other else ", ".join(said)


def _facts(lang: Lang) -> Iterator[str]:
    yield _title("Facts of a case", "案件事实", lang)
    rows = [
        (code(name), known.label[lang], code(known.kind), codes(known.values), known.fresh or ALWAYS[lang], known.ask[lang])
        for name, known in load_facts().items()
    ]  # fmt: skip
    yield table(
        both("Name|Meaning|Kind|Values|Days fresh|Question", "名称|含义|类型|取值|有效天数|提问")[lang].split("|"), rows
    )


def _promises(lang: Lang) -> Iterator[str]:
    yield _title("Promises", "承诺", lang)
    head = both("From|Grace days|Kept from, ppm|Days ahead|Reminder, days before|Memory, days",
                "生效日|宽限天数|兑现比例 ppm|最远天数|提前提醒天数|记录天数")[lang]  # fmt: skip
    policies = load_promise_policies()
    yield table(head.split("|"), [(p.since, p.grace_days, p.threshold_ppm, p.days_ahead, p.remind_days, p.memory_days)
                                  for p in policies])  # fmt: skip
    rows = [(p.since, one.broken, one.days_ahead, one.why[lang]) for p in policies for one in p.after_broken]
    yield table(both("From|Broken|Days ahead|Why", "生效日|未兑现次数|最远天数|理由")[lang].split("|"), rows)


def _order(lang: Lang) -> Iterator[str]:
    yield _title("Order of numbers and hours", "号码与时段的顺序", lang)
    w = load_waterfall()
    bands = ", ".join(w.name(band) for band in range(len(w.bands) - 1))
    yield both(
        f"Hours: {bands}. A point begins with the stage's chance, worth {w.strength} tries; one that was not reserved with the "
        f"lender with {w.unreserved_ppm} ppm of it. A later hour is waited for from {w.wait_ppm} ppm of the chance now. After "
        f"{w.text_after} calls in a row nobody answered a text is planned.",
        f"时段：{bands}。每个号码以所处阶段的接通可能性起步，相当于 {w.strength} 次拨打；非预留号码按 {w.unreserved_ppm} ppm 计。"
        f"后续时段达到当前的 {w.wait_ppm} ppm 即等待。连续 {w.text_after} 次无人接听后改发短信。",
    )[lang]  # fmt: skip


def _words(lang: Lang) -> Iterator[str]:
    yield _title("The talk", "对话", lang)
    graph, early = load_graph(), load_graph().before_identity()
    head = both("Node|Title|Before identity|Answers", "节点|标题|核实身份之前|回答")[lang]
    mark = both("yes", "是")[lang]
    rows = [
        (code(name), node.title[lang], mark if name in early else "", "; ".join(a.label[lang] for a in node.answers))
        for name, node in graph.nodes.items()
    ]
    yield table(head.split("|"), rows)
    asides = load_asides()
    kinds = ((both("Way of asking", "提问方式"), asides.frames), (both("Consequence", "后果"), asides.consequences),
             (both("Objection", "异议"), asides.objections))  # fmt: skip
    said = [(kind[lang], code(one.id), one.title[lang], one.backing[lang]) for kind, some in kinds for one in some]
    yield table(both("Kind|Name|Title|Rests on", "种类|名称|标题|依据")[lang].split("|"), said)


def _cards(lang: Lang) -> Iterator[str]:
    yield _title("Cards of knowledge", "知识卡片", lang)
    rows = [(code(c.id), c.title[lang], c.source[lang], c.confidence, c.seen) for c in load_cards()]
    yield table(both("Card|Title|Source|Confidence|Seen", "卡片|标题|来源|可靠程度|查阅日期")[lang].split("|"), rows)
