"""The one door for files: opens what senders send, checks it, and hands on canonical rows. No database in here."""

from fairdue.intake.canonical import KINDS, schema
from fairdue.intake.faults import AsOfMissing, FileFault, NoRows, Notice, raise_all
from fairdue.intake.mapping import Mapping
from fairdue.intake.mapping_load import load_mapping, shipped
from fairdue.intake.parse import Parsed, parse_chunk
from fairdue.intake.reading import Context
from fairdue.intake.rejects import RejectsWriter
from fairdue.intake.source import Source, open_source
from fairdue.intake.totals import ControlTotals

__all__ = [
    "KINDS",
    "AsOfMissing",
    "Context",
    "ControlTotals",
    "FileFault",
    "Mapping",
    "NoRows",
    "Notice",
    "Parsed",
    "RejectsWriter",
    "Source",
    "load_mapping",
    "open_source",
    "parse_chunk",
    "raise_all",
    "schema",
    "shipped",
]
