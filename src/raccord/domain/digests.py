"""The letter of the day about late payments: who wants it, of what, from which hour."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from raccord.domain.roles import Role


class Side(StrEnum):
    """Which invoices a letter tells of."""

    RECEPTIONS = "receptions"
    DEPOSITS = "deposits"

    @property
    def label(self) -> str:
        """The words on the screens."""
        return "Factures reçues, à payer" if self is Side.RECEPTIONS else "Factures déposées, à encaisser"


def person(user_id: str) -> str:
    """The recipient that is this person."""
    return f"user/{user_id}"


def holders(role: Role) -> str:
    """The recipient that is everybody of this role."""
    return f"role/{role.value}"


@dataclass(frozen=True)
class NewDigest:
    """A letter to ask for: `recipient` from `person` or `holders`.

    `scope`: a structure (receptions) or a connection (deposits), empty for all; `hour` of Paris, 0 to 23; `always`:
    also on the days when nothing is late or soon due.
    """

    recipient: str
    side: Side
    scope: str = ""
    hour: int = 7
    always: bool = False


@dataclass(frozen=True)
class Digest:
    """A letter that was asked for; `told_on`: the last day that is done with."""

    id: str
    recipient: str
    side: Side
    scope: str
    hour: int
    always: bool
    told_on: date | None

    @property
    def user_id(self) -> str:
        """The person, empty when it goes to a role."""
        return self.recipient.removeprefix("user/") if self.recipient.startswith("user/") else ""

    @property
    def role(self) -> Role | None:
        """The role, None when it goes to one person."""
        return Role(self.recipient.removeprefix("role/")) if self.recipient.startswith("role/") else None
