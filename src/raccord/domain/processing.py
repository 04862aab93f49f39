"""The finance officer's desk: who sees to a reception, what is said of it, and what of a public body is fetched."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Assignment:
    """Who sees to a reception: the e-mail of a person, a service in the words of the house; either may be empty."""

    assignee: str
    service: str
    author: str
    updated_at: datetime


@dataclass(frozen=True)
class Remark:
    """What somebody said of a reception, for colleagues only."""

    id: str
    author: str
    text: str
    created_at: datetime


@dataclass(frozen=True)
class Setback:
    """A reception that could not be downloaded on its own: how often, why, when it will be tried again."""

    failures: int
    reason: str
    retry_at: datetime


@dataclass(frozen=True)
class Intake:
    """What of a public body is fetched.

    `states`: of the invoices that already had their status at `begun_at`, those to fetch; what moves afterwards is
    always fetched. `services`: codes of services, "" for the invoices that have none. Empty means all.
    """

    states: tuple[str, ...]
    services: tuple[str, ...]
    begun_at: datetime

    def wants(self, status: str, since: datetime | None, service: str) -> bool:
        """Whether an invoice of that service, with that status since that instant, is to be fetched."""
        if self.services and service not in self.services:
            return False
        settled = since is None or since < self.begun_at
        return not (self.states and settled and status not in self.states)
