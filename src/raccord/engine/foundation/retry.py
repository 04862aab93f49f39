"""From what Chorus Pro answered to what the engine does: one table over the client's five errors.

| error                         | did the call take effect? | reaction                                             |
|-------------------------------|---------------------------|------------------------------------------------------|
| CredentialsRefused            | no                        | STOP: no more calls on this connection               |
| CredentialsRefused, `access`  | no                        | WAIT a quarter of an hour; the doctor says why       |
| Busy, Unreachable, not sent   | no                        | WAIT, obeying `Retry-After`, else growing            |
| any error, effect unknown     | nobody knows              | ASK before sending again                             |
| TooLarge                      | no                        | SPLIT                                                |
| Refused                       | no                        | REFUSE: the platform's words are shown               |
| Surprising                    | no                        | WAIT long; kept whole for a developer                |
"""

from dataclasses import dataclass
from enum import Enum, auto

from choruspro import Busy, ChorusProError, CredentialsRefused, Refused, TooLarge, Unreachable
from raccord.engine.foundation.port import Later


class Reaction(Enum):
    """What to do after an error."""

    STOP = auto()
    WAIT = auto()
    ASK = auto()
    SPLIT = auto()
    REFUSE = auto()


@dataclass(frozen=True)
class Course:
    """A reaction, and for WAIT how many seconds."""

    reaction: Reaction
    delay: float = 0.0


ACCESS_WAIT_S = 900.0
SURPRISE_WAIT_S = 900.0
_GROWING = (1, 3, 6, 12, 30, 60)
"""How many times the first wait, after so many failures in a row."""


def after(error: ChorusProError, failures: int = 0, *, first_s: float = 10.0) -> Course:
    """The course after this error, the `failures`-th in a row (0 for the first), the first wait being `first_s`."""
    if error.effect_unknown:
        return Course(Reaction.ASK)
    if isinstance(error, CredentialsRefused) and error.which != "access":
        return Course(Reaction.STOP)
    if isinstance(error, Refused):
        return Course(Reaction.SPLIT if isinstance(error, TooLarge) else Reaction.REFUSE)
    return Course(Reaction.WAIT, _patience(error, failures, first_s))


def _patience(error: ChorusProError, failures: int, first_s: float) -> float:
    if isinstance(error, CredentialsRefused):
        return ACCESS_WAIT_S
    if isinstance(error, Busy) and error.retry_after is not None:
        return error.retry_after
    return growing(failures, first_s) if isinstance(error, Busy | Unreachable) else SURPRISE_WAIT_S


def growing(failures: int, first_s: float = 10.0) -> float:
    """How long to wait after so many failures in a row, in seconds."""
    return first_s * _GROWING[min(failures, len(_GROWING) - 1)]


def later(error: ChorusProError, *, first_s: float = 10.0) -> Later:
    """For a call that only reads: when to make it again, whatever went wrong."""
    return Later(after(error, first_s=first_s).delay or growing(2, first_s))
