"""From the transport's exceptions to `Unreachable`: what broke, and whether the request had left."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx2

from choruspro import sentences
from choruspro.errors import FailureKind, Unreachable
from choruspro.evidence import Masker

__all__ = ["TRANSPORT_ERRORS", "DeadlinePassed", "unreachable"]


class DeadlinePassed(Exception):
    """The total time of one call ran out; `sent` as in Unreachable."""

    def __init__(self, *, sent: bool | None) -> None:
        super().__init__("délai total dépassé")
        self.sent = sent


TRANSPORT_ERRORS = (httpx2.RequestError, httpx2.InvalidURL, DeadlinePassed, OSError)

_BEFORE_SENDING = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
    httpx2.InvalidURL,
)
_WHILE_SENDING = (httpx2.WriteError, httpx2.WriteTimeout)


def unreachable(
    error: Exception, *, operation: str, host: str, writes: bool, masker: Masker, token_step: bool = False
) -> Unreachable:
    """Build the error of a call that got no answer.

    A failure of the token desk (`token_step`) proves that the operation itself never left.
    """
    sent = False if token_step else _sent(error)
    kind = _kind(error)
    failure = Unreachable(
        sentences.unreachable(kind, host, sent=sent),
        kind=kind,
        sent=sent,
        operation=operation,
        effect_unknown=writes and sent is not False,
    )
    failure.add_note(masker(f"{type(error).__name__}: {error}"))
    return failure


def _sent(error: Exception) -> bool | None:
    if isinstance(error, DeadlinePassed):
        return error.sent
    if isinstance(error, _BEFORE_SENDING):
        return False
    return None if isinstance(error, _WHILE_SENDING) else True


def _kind(error: Exception) -> FailureKind:
    if isinstance(error, httpx2.ProxyError):
        return "proxy"
    if isinstance(error, (httpx2.TimeoutException, DeadlinePassed)):
        return "timeout"
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            return "tls"
        if isinstance(cause, socket.gaierror):
            return "dns"
        if isinstance(cause, ConnectionRefusedError):
            return "refused"
    return _kind_of_broken(error)


def _kind_of_broken(error: Exception) -> FailureKind:
    if isinstance(error, (httpx2.ReadError, httpx2.WriteError, httpx2.CloseError, httpx2.RemoteProtocolError)):
        return "reset"
    if any(isinstance(cause, ConnectionResetError) for cause in _causes(error)):
        return "reset"
    text = str(error).lower()
    if "all connection attempts failed" in text:  # the asynchronous transport hides the cause behind this sentence
        return "refused"
    return "tls" if "ssl" in text or "certificate" in text else "other"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [cause for cause in (current.__cause__, current.__context__) if cause is not None]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
