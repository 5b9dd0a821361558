"""What each page shows, ready to show: no page asks the database or decides anything itself."""

from fairdue.store.pages.agencies import AgencyRow, agency_rows
from fairdue.store.pages.board import LeadBoard, lead_board
from fairdue.store.pages.books import BatchPage, batch_page, batches, dailies, nights
from fairdue.store.pages.casefile import CasePage, case_page, holds_contact
from fairdue.store.pages.compliance import FoundPage, RefusalsPage, ask_one_again, find, refusals
from fairdue.store.pages.due import ComplaintsReport, Due, DueRow, complaints_report, tracks_due
from fairdue.store.pages.floor import FloorPage, cases_to_deal, floor_page, orders_of
from fairdue.store.pages.law import decision_page, strategy_page
from fairdue.store.pages.lost import LostPage, lost_page
from fairdue.store.pages.other import OtherPage, other_page
from fairdue.store.pages.people import PeoplePage, people_page
from fairdue.store.pages.quality import ContactPage, QualityPage, contact_page, quality_page, sample_page
from fairdue.store.pages.rule_browser import browse as browse_rules
from fairdue.store.pages.signals import TeamSignals, aged_cases, team_signals
from fairdue.store.pages.tasks import TaskPage, TaskRow, task_page
from fairdue.store.pages.tracks import Board, CaseTracks, TrackPage, case_tracks, track_board, track_page
from fairdue.store.pages.words import KnowledgePage, WordsPage, callers, knowledge_page, words_page
from fairdue.store.pages.worklist import Worklist, WorkRow, worklist

__all__ = [
    "AgencyRow",
    "BatchPage",
    "Board",
    "CasePage",
    "CaseTracks",
    "ComplaintsReport",
    "ContactPage",
    "Due",
    "DueRow",
    "FloorPage",
    "FoundPage",
    "KnowledgePage",
    "LeadBoard",
    "LostPage",
    "OtherPage",
    "PeoplePage",
    "QualityPage",
    "RefusalsPage",
    "TaskPage",
    "TaskRow",
    "TeamSignals",
    "TrackPage",
    "WordsPage",
    "WorkRow",
    "Worklist",
    "aged_cases",
    "agency_rows",
    "ask_one_again",
    "batch_page",
    "batches",
    "browse_rules",
    "callers",
    "case_page",
    "case_tracks",
    "cases_to_deal",
    "complaints_report",
    "contact_page",
    "dailies",
    "decision_page",
    "find",
    "floor_page",
    "holds_contact",
    "knowledge_page",
    "lead_board",
    "lost_page",
    "nights",
    "orders_of",
    "other_page",
    "people_page",
    "quality_page",
    "refusals",
    "sample_page",
    "strategy_page",
    "task_page",
    "team_signals",
    "track_board",
    "track_page",
    "tracks_due",
    "words_page",
    "worklist",
]
