"""The one door in: a verb, an actor, a reason, one transaction, one audit row."""
