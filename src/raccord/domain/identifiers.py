"""Identifiers as checked types: a function that takes a ``Siret`` holds a good one.

Each type is a ``str`` (so that it travels to a database or a JSON answer as it is) built by one function,
``parse``, which raises :class:`InvalidIdentifier` with a French sentence. Lengths and characters:
`specifications/flux.md §7`, `specifications/reform.md §6`.

The Luhn key is *not* part of the type: the SIRETs of the qualification platform are fictitious and fail it
(`specifications/quirks.md §1`, row 26). Ask :func:`luhn_ok` and treat a failure as advice.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Self

LA_POSTE = "356000000"
"""SIREN of La Poste, whose establishments may fail Luhn: then the sum of the digits is a multiple of 5."""

INVOICE_NUMBER_MAX = 20
SERVICE_CODE_MAX = 100
COMMITMENT_NUMBER_MAX = 50
CONTRACT_NUMBER_MAX = 50

_BLANKS = re.compile(r"[\s\u00a0\u202f.]")
_INVOICE_NUMBER = re.compile(r"[A-Za-z0-9\-_/+]+")


class InvalidIdentifier(ValueError):
    """An identifier that cannot be built. ``kind`` is a stable word; ``sentence`` says in French what to
    type.
    """

    def __init__(self, kind: str, value: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.value = value
        self.sentence = sentence


class Siren(str):
    """Nine digits: a company or a public body (scheme 0002)."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a SIREN, blanks allowed between the digits. Raises :class:`InvalidIdentifier`."""
        digits = _BLANKS.sub("", text)
        if not re.fullmatch(r"[0-9]{9}", digits):
            raise InvalidIdentifier(
                "siren", text, f"« {text} » n’est pas un SIREN : saisissez les neuf chiffres, sans lettre."
            )
        return cls(digits)


class Siret(str):
    """Fourteen digits: one establishment (scheme 0009)."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a SIRET, blanks allowed between the digits. Raises :class:`InvalidIdentifier`."""
        digits = _BLANKS.sub("", text)
        if not re.fullmatch(r"[0-9]{14}", digits):
            raise InvalidIdentifier("siret", text, _siret_sentence(text, digits))
        return cls(digits)

    @property
    def siren(self) -> Siren:
        """The company: the first nine digits."""
        return Siren(self[:9])

    @property
    def nic(self) -> str:
        """The establishment inside the company: the last five digits."""
        return str(self[9:])


def _siret_sentence(text: str, digits: str) -> str:
    if re.fullmatch(r"[0-9]{9}", digits):
        return (
            f"« {text} » est un SIREN (9 chiffres) : Chorus Pro demande le SIRET de l’établissement, "
            "saisissez ses 14 chiffres."
        )
    if re.fullmatch(r"[A-Z]{2}[0-9A-Z]{2,13}", digits):
        return f"« {text} » est un numéro de TVA : Chorus Pro demande le SIRET, saisissez ses 14 chiffres."
    return f"« {text} » n’est pas un SIRET : saisissez ses 14 chiffres, sans lettre."


class InvoiceNumber(str):
    """The number of an invoice as Chorus Pro takes it: 1 to 20 letters, digits and ``- _ / +``."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as it stands (never trimmed: it must equal what is printed). Raises
        :class:`InvalidIdentifier`.
        """
        if not text:
            raise InvalidIdentifier("number", text, "Le numéro de facture est vide : saisissez-le.")
        if len(text) > INVOICE_NUMBER_MAX:
            raise InvalidIdentifier(
                "number",
                text,
                f"Le numéro de facture « {text} » compte {len(text)} caractères : Chorus Pro en accepte "
                f"{INVOICE_NUMBER_MAX} au plus.",
            )
        if not _INVOICE_NUMBER.fullmatch(text):
            raise InvalidIdentifier(
                "number",
                text,
                f"Le numéro de facture « {text} » contient un caractère que Chorus Pro refuse : "
                "utilisez des lettres sans accent, des chiffres et les signes - _ / +.",
            )
        return cls(text)


class _Reference(str):
    """A reference given by the buyer: not empty, bounded, kept as typed but for the outer blanks."""

    __slots__ = ()
    _kind = "reference"
    _name = "La référence"
    _max = 50

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a reference. Raises :class:`InvalidIdentifier` when it is empty or too long."""
        value = text.strip()
        if not value:
            raise InvalidIdentifier(cls._kind, text, f"{cls._name} est vide : saisissez ce que l’acheteur a donné.")
        if len(value) > cls._max:
            raise InvalidIdentifier(
                cls._kind,
                text,
                f"{cls._name} compte {len(value)} caractères : Chorus Pro en accepte {cls._max} au plus.",
            )
        return cls(value)


class ServiceCode(_Reference):
    """Code of the service exécutant (BT-10), at most 100 characters."""

    __slots__ = ()
    _kind = "service"
    _name = "Le code service"
    _max = SERVICE_CODE_MAX


class CommitmentNumber(_Reference):
    """Numéro d'engagement juridique (BT-13), at most 50 characters."""

    __slots__ = ()
    _kind = "commitment"
    _name = "Le numéro d’engagement"
    _max = COMMITMENT_NUMBER_MAX


class ContractNumber(_Reference):
    """Numéro de marché (BT-12), at most 50 characters."""

    __slots__ = ()
    _kind = "contract"
    _name = "Le numéro de marché"
    _max = CONTRACT_NUMBER_MAX


class IdScheme(StrEnum):
    """Schemes (ISO 6523 ICD) met on French invoices. `specifications/flux.md §8`."""

    SIREN = "0002"
    SIRET = "0009"
    EU_VAT = "0223"
    ROUTING_CODE = "0224"
    FR_ADDRESS = "0225"
    INDIVIDUAL = "0226"
    OUTSIDE_EU = "0227"
    RIDET = "0228"
    TAHITI = "0229"


def luhn(digits: str) -> bool:
    """True when the last digit of ``digits`` (ASCII digits only) is the Luhn key of the others."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit)
        if position % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def luhn_ok(identifier: Siret | Siren) -> bool:
    """True when the key of a SIREN or SIRET is right, La Poste's exception included
    (`specifications/reform.md §6`).
    """
    if luhn(identifier):
        return True
    return len(identifier) == 14 and identifier[:9] == LA_POSTE and sum(map(int, identifier)) % 5 == 0


def french_vat_number(siren: Siren) -> str:
    """The intra-community VAT number of a French company: ``FR`` + key (12 + 3 × (SIREN mod 97)) mod 97 +
    SIREN.
    """
    key = (12 + 3 * (int(siren) % 97)) % 97
    return f"FR{key:02d}{siren}"
