"""Mappings: what ships is sound, and nothing that can be written into one breaks the loader."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import write

from fairdue import intake
from fairdue.core.errors import Fault

keys = st.sampled_from(["kind", "columns", "ignored", "sheet", "currency", "exponent", "header_row", "title", "account_no",
                        "due_on", "amount", "from", "parser", "default", "formats", "unit", "sum", "pad", "x"])  # fmt: skip
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 50), st.sampled_from(["schedule", "book", "CNY", "text", "%Y-%m-%d"])
)
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5), max_leaves=12
)


@pytest.mark.parametrize("name", intake.shipped())
def test_every_shipped_mapping_loads_and_says_what_it_is(name: str) -> None:
    mapping = intake.load_mapping(name)
    assert set(mapping.title) == {"zh", "en"}
    assert len(mapping.revision) == 64


def test_the_canonical_book_names_every_column_a_file_can_fill() -> None:
    named = {target.column.name for target in intake.load_mapping("canonical-book").targets}
    assert named | {"components_known"} == {column.name for column in intake.KINDS["book"]}


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(keys, trees, max_size=6))
def test_whatever_is_written_is_loaded_or_refused_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, object]
) -> None:
    path = tmp_path_factory.getbasetemp() / "drawn.yaml"
    path.write_text(yaml.safe_dump({"kind": "schedule", "columns": {}} | tree), "utf-8")
    assert sentence_or_targets(path)


def sentence_or_targets(path: Path) -> str | set[str]:
    """Anything but a fault with a sentence, or a mapping with its required targets, fails the test."""
    try:
        mapping = intake.load_mapping(path)
    except Fault as fault:
        return fault.sentence("zh")
    names = {target.column.name for target in mapping.targets}
    return names if names >= {c.name for c in intake.KINDS[mapping.kind] if c.required} else set()


def test_the_revision_follows_the_text_and_not_the_machine(tmp_path: Path) -> None:
    text = "kind: schedule\ncolumns:\n  account_no:\n  due_on:\n  amount:\n"
    unix, windows = write(tmp_path / "a.yaml", text), write(tmp_path / "b.yaml", text.replace("\n", "\r\n"))
    assert intake.load_mapping(unix).revision == intake.load_mapping(windows).revision
    assert (
        intake.load_mapping(write(tmp_path / "c.yaml", text + "# changed\n")).revision
        != intake.load_mapping(unix).revision
    )


def test_a_mapping_nobody_has_is_said_so() -> None:
    with pytest.raises(intake.FileFault) as said:
        intake.load_mapping("no-such-mapping")
    assert "card-book" in said.value.sentence("en")


def test_a_mapping_that_is_not_utf8_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(intake.FileFault) as said:
        intake.load_mapping(write(tmp_path / "m.yaml", "kind: book # 账册", "gb18030"))
    assert said.value.code == "mapping.yaml"
