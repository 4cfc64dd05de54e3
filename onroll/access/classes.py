"""The register of what each stored field is: its class (P0 open to P5 sealed) and its section of the record.

A model declares `classes` as a `Classes` value. Keys, links and the bookkeeping fields that every record has are
listed here once; everything else is named field by field. A promise test fails for a field that has no class.
"""

from dataclasses import dataclass, field

from .sections import Section

# In every record: which authority, which child, which row, where the fact came from.
BOOKKEEPING = frozenset({"id", "public_id", "authority", "child", "source", "made_by_import", "version"})


@dataclass(frozen=True)
class Classes:
    """The class of every field of one model, and the section that guards its rows (None: no child in it)."""

    section: Section | None
    default: str
    fields: dict[str, str] = field(default_factory=dict)

    def of(self, field_name: str) -> str:
        """The class of a field: "P0" to "P5"."""
        return self.fields.get(field_name, self.default)
