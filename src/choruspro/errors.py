"""What went wrong, said as what the caller should do.

ChorusProError                 carries operation, http_status, code_retour, libelle, request_id, evidence,
effect_unknown
+ Unreachable                  no answer: nothing is known of the effect, look before sending again (`sent`, `kind`)
+ Busy                         come back after `retry_after`; on a 5xx the platform may have done the work
+ CredentialsRefused           a person must act, stop calling (`which`)
+ Refused                      the platform understood and said no: show `libelle`
  + TooLarge                   the same, because of a size: split or lighten
+ Surprising                   an answer outside the documents: kept whole, tell a developer
  + Truncated                  a search whose pages do not add up to its own total

`code` is for programs and never changes; `str(error)` is a French sentence for a person: fact, consequence, next step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from choruspro.evidence import Evidence

__all__ = [
    "Busy",
    "ChorusProError",
    "CredentialsRefused",
    "FailureKind",
    "Refused",
    "Surprising",
    "TooLarge",
    "Truncated",
    "Unreachable",
    "WhichCredentials",
]

FailureKind = Literal["dns", "refused", "tls", "proxy", "timeout", "reset", "other"]
WhichCredentials = Literal["piste", "technical-account", "access"]


class ChorusProError(Exception):
    """Root of every error of the client.

    `operation` is `family/tail` (`factures/deposer/flux`) or `piste/token`; `http_status` None when no answer came;
    `code_retour` and `libelle` are the platform's; `request_id` is the header `x-piste-request-id`;
    `effect_unknown` is True when the call changes something at Chorus Pro and may have done so.
    """

    family: ClassVar[str] = "chorus-pro"

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        http_status: int | None = None,
        code_retour: int | None = None,
        libelle: str | None = None,
        request_id: str | None = None,
        evidence: Evidence | None = None,
        effect_unknown: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.http_status = http_status
        self.code_retour = code_retour
        self.libelle = libelle
        self.request_id = request_id
        self.evidence = evidence
        self.effect_unknown = effect_unknown

    @property
    def code(self) -> str:
        """Name the failure for a program, for life: `unreachable.dns`, `refused`…"""
        return self.family

    def __reduce__(self) -> tuple[Callable[..., ChorusProError], tuple[Any, ...]]:
        facts = {name: value for name, value in vars(self).items() if name != "message"}
        return _rebuild, (type(self), self.message, facts)


def _rebuild(kind: type[ChorusProError], message: str, facts: dict[str, Any]) -> ChorusProError:
    return kind(message, **facts)


class Unreachable(ChorusProError):
    """No answer came.

    `kind` says where it broke. `sent` is False when the request certainly did not leave (name, connection, TLS, token),
    True when it left whole, None when a part of it did.
    """

    family = "unreachable"

    def __init__(self, message: str, *, kind: FailureKind = "other", sent: bool | None = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.kind: FailureKind = kind
        self.sent = sent

    @property
    def code(self) -> str:
        """`unreachable.<kind>`."""
        return f"{self.family}.{self.kind}"


class Busy(ChorusProError):
    """The platform asks to come back: 429, 502, 503, 504, maintenance, or a token desk that hiccups.

    `retry_after` is in seconds, None when the answer gave none.
    """

    family = "busy"

    def __init__(self, message: str, *, retry_after: float | None = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.retry_after = retry_after


class CredentialsRefused(ChorusProError):
    """A proof was refused, a person must act, and looping could lock the account (specifications/errors.md §3).

    `which`: `piste` (client id or secret), `technical-account` (login or password of `cpro-account`),
    `access` (empty 403: API not subscribed, terms not accepted, connection not declared, or path unknown).
    """

    family = "credentials"

    def __init__(self, message: str, *, which: WhichCredentials = "technical-account", **facts: Any) -> None:
        super().__init__(message, **facts)
        self.which: WhichCredentials = which

    @property
    def code(self) -> str:
        """`credentials.<which>`."""
        return f"{self.family}.{self.which}"


class Refused(ChorusProError):
    """The platform understood the call and refused it: key on (operation, code_retour, libelle), never on the
    number.
    """

    family = "refused"


class TooLarge(Refused):
    """Refused for its size: HTTP 413, 20001 `GDP_MSG_11.022`, or 20003 of `ajouter/fichier`
    (specifications/flux.md §6).
    """

    family = "too-large"


class Surprising(ChorusProError):
    """An answer that no document describes; `evidence` holds it whole, secrets masked."""

    family = "surprising"


class Truncated(Surprising):
    """A search gave fewer rows than the total it announces; `received` and `total` are numbers of rows."""

    family = "truncated"

    def __init__(self, message: str, *, received: int = 0, total: int = 0, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.received = received
        self.total = total
