"""A client for calls that only read: whatever goes wrong, the job comes again, or the breaker opens."""

from collections.abc import Iterator
from contextlib import contextmanager

from choruspro import (
    Busy,
    ChorusPro,
    ChorusProError,
    Refused,
    Surprising,
    TooLarge,
    Unreachable,
)
from raccord.domain.connection import Connection
from raccord.domain.errors import RaccordError, Unavailable
from raccord.engine.foundation import retry
from raccord.engine.foundation.breaker import stopped
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.port import Later


@contextmanager
def reading(ground: Ground, connection: Connection) -> Iterator[ChorusPro]:
    """For jobs. Raises `Later` in place of the client's errors; `TooLarge` passes, its caller knows what to do."""
    try:
        with ground.platform.open(connection) as chorus:
            yield chorus
    except TooLarge:
        raise
    except ChorusProError as error:
        _tell(ground, connection, error)
        raise retry.later(error, first_s=ground.options.retry_first_s) from error


@contextmanager
def live(ground: Ground, connection: Connection) -> Iterator[ChorusPro]:
    """For persons who wait for the answer. Raises `Unavailable` with a sentence."""
    if connection.breaker_open:
        raise stopped()
    try:
        with ground.platform.open(connection) as chorus:
            yield chorus
    except Later as error:
        raise _busy() from error
    except ChorusProError as error:
        _tell(ground, connection, error)
        raise _said(error) from error


def _tell(ground: Ground, connection: Connection, error: ChorusProError) -> None:
    ground.breaker.failed(connection.id, error)
    if isinstance(error, Busy) and error.retry_after:
        ground.platform.hold(connection, error.retry_after)


def _said(error: ChorusProError) -> RaccordError:
    words = error.libelle if isinstance(error, Refused) and error.libelle else str(error)
    if isinstance(error, Unreachable | Busy | Surprising):
        words = f"{words.partition('. ')[0].rstrip('.')}."  # the rest is about calls that change something
    return Unavailable("CHORUS_INDISPONIBLE", words, "Réessayez dans quelques minutes.")


def _busy() -> Unavailable:
    return Unavailable(
        "CHORUS_CADENCE",
        "Trop de demandes sont parties vers Chorus Pro : celle-ci doit attendre son tour.",
        "Réessayez dans une minute.",
    )
