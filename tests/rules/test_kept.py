"""The text of a pack that is kept gives the pack again, to the hash; a changed text is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest

from fairdue.rules.kept import PackAltered, pack_of, policy_revision, text_of
from fairdue.rules.load import PACKS, POLICIES, load_pack, names, policy_base

EVERY = [(name, "") for name in names(PACKS)] + [(policy_base(name), name) for name in names(POLICIES)]


@pytest.mark.parametrize(("name", "policy"), EVERY)
def test_every_pack_comes_back_from_its_text(name: str, policy: str) -> None:
    pack = load_pack(name, policy)
    again = pack_of(text_of(pack), pack.revision)
    assert (again.name, again.revision, again.changes) == (pack.name, pack.revision, pack.changes)
    for on in (*pack.changes, date(2026, 9, 30)):
        assert again.at(on).rules == pack.at(on).rules


def test_a_text_that_was_changed_is_refused() -> None:
    pack = load_pack("cn", "steady")
    said = json.loads(text_of(pack))
    said["rules"][0]["severity"] = "advise"
    with pytest.raises(PackAltered):
        pack_of(json.dumps(said), pack.revision)


def test_a_policy_has_a_revision_of_its_own_and_the_law_alone_has_none() -> None:
    law, both = load_pack("cn"), load_pack("cn", "steady")
    assert policy_revision(law, law) == ""
    assert len(policy_revision(both, law)) == 64
