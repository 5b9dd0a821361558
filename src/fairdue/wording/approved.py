"""Approved words are held against the same check as everybody's: what ships must pass, with sample facts filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fairdue.core.codes import Party
from fairdue.core.errors import Lang
from fairdue.rules.check import Report
from fairdue.rules.frames import LANGS, SLOTS, Frame, load_frames
from fairdue.rules.reading import Wrong, WrongFiles, wrong
from fairdue.rules.scripts import load_scripts
from fairdue.rules.talk.others import load_others
from fairdue.rules.talk.shown import filled
from fairdue.wording.finding import Finding, Verdict
from fairdue.wording.judge import check
from fairdue.wording.said import Said

READERS = {
    Party.BORROWER: "debtor", Party.CO_BORROWER: "co_borrower", Party.GUARANTOR: "guarantor", Party.SPOUSE: "spouse",
    Party.HEIR: "heir", Party.CONTACT: "contact_person", Party.EMPLOYER: "employer", Party.ATTORNEY: "attorney",
    Party.REPRESENTATIVE: "attorney", Party.OTHER: "other",
}  # fmt: skip
AMOUNTS, DATES = ("amount",), ("due_date", "deadline", "paid_on", "visit_on", "answer_by")


def added(report: Report) -> Report:
    """The report on the rules, with what the wording check says of the approved words; as it is where some cannot be read."""
    try:
        found = tuple(faults())
    except WrongFiles:
        return report
    return replace(
        report, others=report.others if found else (*report.others, "wording"), faults=(*report.faults, *found)
    )


def faults() -> Iterator[Wrong]:
    """Every shipped frame and script that does not pass. Raises `WrongFiles` where one cannot be read."""
    for name, lang, finding in findings():
        if finding.verdict is not Verdict.PASS:
            said = "; ".join(f"{span.code} '{span.text}'" for span in finding.spans)
            yield wrong(f"{name} ({lang})", 1, f"the words do not pass the check: {said}", f"话术未通过检查：{said}",
                        finding.better or "Mend the words.", finding.better or "请修改措辞。")  # fmt: skip


def findings() -> Iterator[tuple[str, Lang, Finding]]:
    """What the check says of every frame, to each of its readers, and of every block of every script."""
    for frame in load_frames().values():
        for party in sorted(frame.audience):
            yield from ((f"frames/{frame.id}.yaml", lang, check(said_by(frame, party, lang))) for lang in LANGS)
    for script in load_scripts().all.values():
        for block in script.blocks:
            for lang in LANGS:
                facts = {slot: said[lang] for slot, said in SLOTS.items()} | {"days": "15"}
                yield f"scripts/{script.id}.yaml: {block.name}", lang, check(_filled(block.filled(lang, facts), lang))
    for party, steps in load_others().items():
        facts = {slot: said["zh"] for slot, said in SLOTS.items()} | {
            "other": "李某",
            "collector": "林老师",
            "days": "15",
        }
        for n, step in enumerate(steps, 1):
            for lang in LANGS:
                text = filled(step.text, facts, lang)
                yield (
                    f"talk/others.yaml: {party.name} {n}",
                    lang,
                    check(replace(_filled(text, lang), audience=READERS[party])),
                )


def said_by(frame: Frame, party: Party, lang: Lang) -> Said:
    """A frame with sample facts, as it would be sent to that party."""
    flags = dict.fromkeys(frame.known, True)
    return replace(
        _filled(frame.sample(lang), lang), audience=READERS[party], sender=frame.sender or "lender", flags=flags
    )


def _filled(text: str, lang: Lang) -> Said:
    amounts = tuple(SLOTS[slot][lang].split()[-1] for slot in AMOUNTS)
    dates = tuple(SLOTS[slot][lang] for slot in DATES)
    return Said.of(text, lang, sender="lender", amounts=amounts, deadlines=dates)
