"""Where the numbers of a protocol come from, and how far each can be trusted."""

from dataclasses import dataclass

from shared.vocabulary import Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """The evidence marks, the source and a remark that belong to one record of a protocol.

    `evidence` is the mark of every number of the record, unless `marks` gives a number its own.
    `source` is the id of one of the protocol's sources.
    """

    evidence: Evidence | None = None
    source: str | None = None
    note: str = ""
    marks: tuple[tuple[str, Evidence | None], ...] = ()

    def mark(self, field: str) -> Evidence | None:
        """The mark of one number of the record, named as in the document ("min", "minutes")."""
        return dict(self.marks).get(field, self.evidence)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRef:
    """A paper, registry entry or label that numbers of the protocol were taken from."""

    id: str
    citation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """A prescriber's name under values: each path of the document with the value signed there."""

    signed_by: str
    signed_at: str
    values: tuple[tuple[str, object], ...]
