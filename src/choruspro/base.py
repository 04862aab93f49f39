"""The ground of every request and answer: open enumerations, tolerant dates, exact amounts.

A request is a `Demande`: fields left at None do not travel. An answer is a `Retour`: unknown fields are ignored, null
equals absent, and every enumeration keeps the values it does not know (specifications/api/conventions.md §4, §5, §8).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from choruspro.dates import read_day, read_instant, write_instant

__all__ = ["Demande", "Enumeration", "Illisible", "Instant", "Jour", "Objet", "Retour", "encode"]

if TYPE_CHECKING:
    Jour = date
    Instant = datetime
else:

    class _Dates(type):
        """msgspec checks what the hook returns with isinstance: a real date, or None for a text that is no date."""

        def __instancecheck__(cls, value: object) -> bool:
            return value is None or isinstance(value, cls.real)

    class Jour(metaclass=_Dates):
        """A day, read from any of the five forms; None when the text could not be read (see `Retour.illisibles`)."""

        real = date

    class Instant(metaclass=_Dates):
        """An aware instant, read from any of the five forms; None when unreadable (see `Retour.illisibles`)."""

        real = datetime


class Enumeration(str):
    """A value of one of the platform's lists; a value that this release does not know is kept as it came."""

    __slots__ = ()
    valeurs: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = {value for name, value in vars(cls).items() if name.isupper() and isinstance(value, str)}
        cls.valeurs = cls.valeurs | own

    @property
    def connue(self) -> bool:
        """Tell whether the official lists held this value when this release was written."""
        return str(self) in self.valeurs


class Illisible(msgspec.Struct, frozen=True):
    """A text found where a date was due: `texte` as it came, `attendu` is `jour` or `instant`."""

    texte: str
    attendu: str


class Objet(msgspec.Struct, kw_only=True, frozen=True):
    """A part of an answer."""


class Demande(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """The body of a request, or a part of it: what is None is left out."""


class Retour(Objet, kw_only=True, frozen=True):
    """The envelope of every answer (specifications/api/conventions.md §2).

    `codeRetour` 0 is a success; `libelle` is a message code or a sentence; `illisibles` keeps the texts found where
    dates were due, whose fields read None.
    """

    codeRetour: int | None = None
    libelle: str | None = None
    illisibles: tuple[Illisible, ...] = ()


_unreadable: ContextVar[list[Illisible] | None] = ContextVar("choruspro_illisibles", default=None)


@contextmanager
def unreadable_texts() -> Iterator[list[Illisible]]:
    """Collect the texts that the dates of one answer could not be read from."""
    found: list[Illisible] = []
    token = _unreadable.set(found)
    try:
        yield found
    finally:
        _unreadable.reset(token)


def decoding_hook(kind: type, value: Any) -> Any:
    """Build the types that JSON does not know. Used by msgspec on every date and enumeration of an answer."""
    if kind is Jour:
        return _date(value, "jour")
    if kind is Instant:
        return _date(value, "instant")
    if isinstance(value, str) and issubclass(kind, Enumeration):
        return kind(value)
    raise TypeError(f"{kind.__name__} attendu, {type(value).__name__} reçu")


def _date(value: Any, wanted: str) -> date | datetime | None:
    if value is None or value == "":
        return None
    try:
        return read_day(value) if wanted == "jour" else read_instant(value)
    except (ValueError, AttributeError, TypeError):
        found = _unreadable.get()
        if found is not None:
            found.append(Illisible(str(value), wanted))
        return None


def _encoding_hook(value: Any) -> Any:
    if isinstance(value, Enumeration):
        return str(value)
    raise TypeError(f"Chorus Pro ne sait pas recevoir un {type(value).__name__}.")


_encoder = msgspec.json.Encoder(enc_hook=_encoding_hook, decimal_format="number")


def encode(request: msgspec.Struct | dict[str, Any]) -> bytes:
    """Write a request: amounts as exact JSON numbers, files as base64, instants in UTC with milliseconds.

    Raises ValueError when an instant carries no zone.
    """
    if isinstance(request, dict):
        return _encoder.encode(request)
    instants = {
        name: write_instant(value)
        for name in request.__struct_fields__
        if isinstance(value := getattr(request, name), datetime)
    }
    return _encoder.encode(msgspec.structs.replace(request, **instants) if instants else request)
