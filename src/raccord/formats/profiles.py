"""Profiles (BT-24) by their URN, and how the metadata of a Factur-X spells them."""

from __future__ import annotations

from enum import StrEnum

EN16931_URN = "urn:cen.eu:en16931:2017"


class Profile(StrEnum):
    """What an invoice says it follows."""

    MINIMUM = "minimum"
    BASIC_WL = "basicwl"
    BASIC = "basic"
    EN16931 = "en16931"
    EXTENDED = "extended"
    EXTENDED_CTC_FR = "extended-ctc-fr"
    XRECHNUNG = "xrechnung"
    PEPPOL = "peppol"
    OTHER = "other"

    @property
    def is_facturx(self) -> bool:
        """True for the five profiles that a Factur-X may hold."""
        return self in _XMP

    @property
    def has_no_lines(self) -> bool:
        """True for the profiles without lines (MINIMUM, BASIC WL)."""
        return self in (Profile.MINIMUM, Profile.BASIC_WL)

    @property
    def xmp(self) -> str:
        """The ConformanceLevel of the XMP metadata, with its space where it has one."""
        return _XMP.get(self, "EN 16931")


_XMP = {
    Profile.MINIMUM: "MINIMUM",
    Profile.BASIC_WL: "BASIC WL",
    Profile.BASIC: "BASIC",
    Profile.EN16931: "EN 16931",
    Profile.EXTENDED: "EXTENDED",
}

URNS = {
    Profile.MINIMUM: "urn:factur-x.eu:1p0:minimum",
    Profile.BASIC_WL: "urn:factur-x.eu:1p0:basicwl",
    Profile.BASIC: f"{EN16931_URN}#compliant#urn:factur-x.eu:1p0:basic",
    Profile.EN16931: EN16931_URN,
    Profile.EXTENDED: f"{EN16931_URN}#conformant#urn:factur-x.eu:1p0:extended",
}

_CLUES = (
    ("extended-ctc-fr", Profile.EXTENDED_CTC_FR),
    ("xrechnung", Profile.XRECHNUNG),
    ("xoev-de", Profile.XRECHNUNG),
    ("peppol", Profile.PEPPOL),
    (":minimum", Profile.MINIMUM),
    (":basicwl", Profile.BASIC_WL),
    (":basic", Profile.BASIC),
    (":extended", Profile.EXTENDED),
)


def profile_of(urn: str) -> Profile:
    """The profile that a guideline identifier (BT-24) names."""
    lowered = urn.strip().lower()
    if lowered in (EN16931_URN, f"{EN16931_URN}#compliant#urn:factur-x.eu:1p0:en16931"):
        return Profile.EN16931
    for clue, profile in _CLUES:
        if clue in lowered:
            return profile
    return Profile.OTHER
