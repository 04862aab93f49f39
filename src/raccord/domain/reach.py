"""The reach of a person or of a program: every structure of this house, or some of them, by SIRET.

A deposit belongs to the structure of its supplier, a reception to the public body that received it. A connection is
within reach when it serves a structure that is. SIRET rather than our own identifiers: invoices name them, and one
structure may be served by several connections.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Reach:
    """`sirets` None is everything; an empty set is nothing at all."""

    sirets: frozenset[str] | None = None

    @classmethod
    def of(cls, sirets: Iterable[str]) -> "Reach":
        """These structures and no other."""
        return cls(frozenset(sirets))

    @property
    def everything(self) -> bool:
        """Whether nothing is out of reach."""
        return self.sirets is None

    def covers(self, siret: str) -> bool:
        """Whether what belongs to that structure may be seen."""
        return self.sirets is None or siret in self.sirets

    def within(self, other: "Reach") -> "Reach":
        """What both cover: a key never reaches further than the person who owns it."""
        if self.sirets is None or other.sirets is None:
            return other if self.sirets is None else self
        return Reach(self.sirets & other.sirets)

    @property
    def mark(self) -> str:
        """A short name of this reach, "" for everything: keeps apart what two programs call by the same name."""
        return "" if self.sirets is None else sha256(" ".join(sorted(self.sirets)).encode()).hexdigest()[:12]

    def as_json(self) -> list[str] | None:
        """What a column keeps: the SIRET in order, None for everything."""
        return None if self.sirets is None else sorted(self.sirets)

    @classmethod
    def from_json(cls, kept: Iterable[str] | None) -> "Reach":
        """The reach that a column keeps."""
        return EVERYTHING if kept is None else cls.of(kept)


EVERYTHING = Reach()
