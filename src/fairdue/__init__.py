"""fairdue: overdue-loan collections that are firm, fair and provably lawful."""

__version__ = "0.1.0"
