"""Legal clocks over columns: what happened to the debts of a range of customers, and where every period of theirs stands."""

from fairdue.store.legal.gather import Gathered, gather
from fairdue.store.legal.reckon import FOUND, reckon

__all__ = ["FOUND", "Gathered", "gather", "reckon"]
