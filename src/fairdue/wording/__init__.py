"""Text checks: what may be said to whom, judged sentence by sentence against the law and the facts of the case."""
