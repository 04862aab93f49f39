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
from raccord.engine.port import Later


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
_GROWING_S = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0)


def after(error: ChorusProError, failures: int = 0) -> Course:
    """The course after this error, the `failures`-th in a row (0 for the first)."""
    if error.effect_unknown:
        return Course(Reaction.ASK)
    if isinstance(error, CredentialsRefused) and error.which != "access":
        return Course(Reaction.STOP)
    if isinstance(error, Refused):
        return Course(Reaction.SPLIT if isinstance(error, TooLarge) else Reaction.REFUSE)
    return Course(Reaction.WAIT, _patience(error, failures))


def _patience(error: ChorusProError, failures: int) -> float:
    if isinstance(error, CredentialsRefused):
        return ACCESS_WAIT_S
    if isinstance(error, Busy) and error.retry_after is not None:
        return error.retry_after
    return growing(failures) if isinstance(error, Busy | Unreachable) else SURPRISE_WAIT_S


def growing(failures: int) -> float:
    """How long to wait after so many failures in a row, in seconds."""
    return _GROWING_S[min(failures, len(_GROWING_S) - 1)]


def later(error: ChorusProError) -> Later:
    """For a call that only reads: when to make it again, whatever went wrong."""
    return Later(after(error).delay or growing(2))
