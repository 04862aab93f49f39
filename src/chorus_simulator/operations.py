"""What an operation of the API is, and what its handler receives.

A handler is a plain function from a `Call` to the answer, a dict written as JSON; it refuses by raising
`refusals.Refusal`. The families give tables of `Operation`, which the gateway serves and COVERAGE.md prints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chorus_simulator.faults import Fault
from chorus_simulator.parties import PisteApplication, TechnicalAccount
from chorus_simulator.world import World

Body = dict[str, Any]
Answer = dict[str, Any]
OK = {"codeRetour": 0, "libelle": "TRA_MSG_00.000"}
OK_GCU = {"codeRetour": 0, "libelle": "GCU_MSG_01_000"}


@dataclass(slots=True)
class Call:
    """One call that passed the gateway. `account` is None only for an operation that needs none."""

    world: World
    application: PisteApplication
    account: TechnicalAccount | None
    body: Body
    path: str = ""
    params: dict[str, str] = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def reach(self) -> frozenset[int]:
        """The ids of the structures that the caller acts for; none without an account."""
        return self.world.reach(self.account) if self.account else frozenset()

    @property
    def login(self) -> str:
        """The login that signs what the call changes, empty without an account."""
        return self.account.login if self.account else ""


@dataclass(frozen=True)
class Raw:
    """An answer of the REST directory, which has no envelope: `payload` None means an empty body."""

    payload: Any
    status: int = 200


Handler = Callable[[Call], "Answer | Raw"]


@dataclass(frozen=True)
class Operation:
    """`path` under `/cpro`, with `{names}` for the REST directory; `mark` and `source` as in specifications/README.md.
    `settles`: what is due happens before the answer."""

    path: str
    handler: Handler
    mark: str
    source: str
    method: str = "POST"
    settles: bool = True
    note: str = ""

    @property
    def family(self) -> str:
        """The API it belongs to, `factures` or `structures`: what applications subscribe to."""
        return self.path.split("/")[2]
