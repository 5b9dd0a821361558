"""Self-contained situations, as lawyers, testers and other systems write them: one JSON object each, answered by the guard.

What a situation leaves out is not known, and a rule that needs it refuses and names it. Lists that are there are complete:
consents, flags and history hold all there is.
"""

from __future__ import annotations

from fairdue.rules.situations.answer import Answer, answer, answer_line
from fairdue.rules.situations.read import BadSituation, read
from fairdue.rules.situations.schema import EXAMPLE, json_schema

__all__ = ["EXAMPLE", "Answer", "BadSituation", "answer", "answer_line", "json_schema", "read"]
