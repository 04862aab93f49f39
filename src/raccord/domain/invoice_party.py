"""Who stands on an invoice: identifiers, addresses, contacts, parties."""

from __future__ import annotations

from dataclasses import dataclass

from raccord.domain.identifiers import IdScheme, InvalidIdentifier, Siren, Siret

SIRET_SCHEMES = frozenset({IdScheme.SIRET.value, "1", "SIRET"})
""""0009" is the ICD of a SIRET; "1" is what older Chorus Pro flux wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A value and the scheme that gives it a sense (ISO 6523 ICD such as ``0009``; empty when unsaid)."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address (BG-5, BG-8, BG-12, BG-15). BT numbers are the seller's."""

    line1: str = ""  # BT-35
    line2: str = ""  # BT-36
    line3: str = ""  # BT-162
    city: str = ""  # BT-37
    postcode: str = ""  # BT-38
    region: str = ""  # BT-39
    country: str = ""  # BT-40, ISO 3166 alpha-2


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to call (BG-6 of the seller, BG-9 of the buyer)."""

    name: str = ""  # BT-41, BT-56
    phone: str = ""  # BT-42, BT-57
    email: str = ""  # BT-43, BT-58
    department: str = ""  # EXTENDED: the department, when BT-41 names a person
    fax: str = ""  # EXTENDED
    type_code: str = ""  # EXTENDED: UNTDID 3139


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Seller (BG-4), buyer (BG-7), payee (BG-10), tax representative (BG-11) or another of the EXTENDED profile.
    BT numbers: seller, then buyer.
    """

    name: str = ""  # BT-27, BT-44, BT-59, BT-62
    trading_name: str = ""  # BT-28, BT-45
    identifiers: tuple[Identifier, ...] = ()  # BT-29, BT-46, BT-60
    legal_id: Identifier | None = None  # BT-30, BT-47, BT-61
    vat_number: str = ""  # BT-31, BT-48, BT-63
    tax_registration: str = ""  # BT-32
    legal_information: str = ""  # BT-33
    electronic_address: Identifier | None = None  # BT-34, BT-49
    address: Address | None = None  # BG-5, BG-8, BG-12
    contact: Contact | None = None  # BG-6, BG-9
    role: str = ""  # EXTENDED: its role, UNTDID 3035
    legal_address: Address | None = None  # EXTENDED: the address of its registration, when it is another

    def identifier(self, scheme: str) -> str:
        """The first identifier (BT-29/BT-46, then BT-30/BT-47) of a scheme, or ``""``."""
        for candidate in self._all_identifiers():
            if candidate.scheme == scheme:
                return candidate.value
        return ""

    @property
    def siret_text(self) -> str:
        """What stands where Chorus Pro looks for the SIRET, good or bad; ``""`` when nothing does."""
        candidates = self._all_identifiers()
        for candidate in candidates:
            if candidate.scheme in SIRET_SCHEMES:
                return candidate.value
        for candidate in candidates:
            if candidate.scheme in ("", IdScheme.SIREN.value) and _is_siret(candidate.value):
                return candidate.value
        return ""

    @property
    def siret(self) -> Siret | None:
        """The SIRET, or ``None`` when there is none or it does not have 14 digits."""
        try:
            return Siret.parse(self.siret_text)
        except InvalidIdentifier:
            return None

    @property
    def siren(self) -> Siren | None:
        """The SIREN: from the SIRET, else from the legal identifier (BT-30, scheme 0002)."""
        siret = self.siret
        if siret is not None:
            return siret.siren
        try:
            return Siren.parse(self.legal_id.value) if self.legal_id else None
        except InvalidIdentifier:
            return None

    def _all_identifiers(self) -> tuple[Identifier, ...]:
        return (*self.identifiers, self.legal_id) if self.legal_id else self.identifiers


def _is_siret(value: str) -> bool:
    return len(value) == 14 and value.isascii() and value.isdigit()
