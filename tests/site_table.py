"""Every address of the customers' site, and whom it opens for: what the tests of doors and of scripts go through."""

from __future__ import annotations

ANYBODY, OWN, ROW = "anybody", "own", "row"
# name → method, for whom: anybody; whoever has come in; whoever has come in and whose row it is.
TABLE = {
    "start": ("GET", ANYBODY), "link": ("GET", ANYBODY), "code": ("POST", ANYBODY), "check": ("POST", ANYBODY),
    "off": ("GET", ANYBODY),
    "not-me": ("POST", ANYBODY), "leave": ("POST", ANYBODY), "language": ("POST", ANYBODY), "look": ("POST", ANYBODY),
    "help": ("GET", ANYBODY), "verify": ("GET", ANYBODY), "verify-code": ("GET", ANYBODY),
    "paper-file": ("GET", ROW), "provider": ("GET", ANYBODY), "notify": ("POST", ANYBODY),
    "account": ("GET", OWN), "day": ("GET", OWN), "calls": ("GET", OWN), "caller": ("POST", OWN), "wishes": ("GET", OWN),
    "done": ("GET", OWN), "transfer": ("GET", OWN), "transfer-one": ("GET", ROW), "budget": ("GET", OWN),
    "options": ("GET", OWN), "part": ("GET", ROW), "part-paper": ("GET", ROW), "part-days": ("GET", ROW),
    "data": ("GET", OWN), "data-file": ("POST", OWN), "paper": ("GET", OWN), "situation": ("GET", OWN),
    "query": ("GET", OWN), "receipt": ("GET", OWN), "feedback": ("GET", OWN), "correct": ("GET", OWN),
    "explain": ("GET", OWN), "quiet": ("GET", OWN),
}  # fmt: skip
