"""What went wrong, said the same way everywhere: a code, the fields, a sentence in each language, a remedy."""

from __future__ import annotations

from typing import ClassVar, Literal

Lang = Literal["zh", "en"]


class Fault(Exception):
    """An error a person can act on.

    Subclasses give `code` and, per language, a sentence that says what and why, and a remedy that says what to do;
    both are `str.format` templates over the keyword fields the fault was raised with.

    >>> class NoColumn(Fault):
    ...     code = "doc.no-column"
    ...     en, en_remedy = "The file has no column {column}.", "Add the column or correct the mapping."
    ...     zh, zh_remedy = "文件中没有“{column}”列。", "请补充该列或修正映射。"
    >>> NoColumn(column="balance").sentence("en")
    'The file has no column balance. Add the column or correct the mapping.'
    """

    code: ClassVar[str] = "fault"
    en: ClassVar[str] = "{detail}"
    en_remedy: ClassVar[str] = ""
    zh: ClassVar[str] = "{detail}"
    zh_remedy: ClassVar[str] = ""

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.sentence("en"))

    def what(self, lang: Lang) -> str:
        """What is wrong and why, without the remedy."""
        return (self.zh if lang == "zh" else self.en).format_map(_Fields(self.fields))

    def remedy(self, lang: Lang) -> str:
        """What to do about it; empty where nothing can be done."""
        return (self.zh_remedy if lang == "zh" else self.en_remedy).format_map(_Fields(self.fields))

    def sentence(self, lang: Lang) -> str:
        """The whole message, as shown to a person."""
        joint = "" if lang == "zh" else " "
        return joint.join(part for part in (self.what(lang), self.remedy(lang)) if part)

    def as_dict(self) -> dict[str, object]:
        """The message for a program: stable code, fields, both languages."""
        return {"code": self.code, "fields": dict(self.fields), "en": self.sentence("en"), "zh": self.sentence("zh")}


class _Fields(dict[str, object]):
    """A message must still be readable when a field was forgotten: the hole shows its name."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
