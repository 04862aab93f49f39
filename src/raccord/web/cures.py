"""The one button of a diagnosis: where the hand goes first, by cause."""

from dataclasses import dataclass

from raccord.domain.connection import Connection
from raccord.domain.verdict import Cause

PISTE = "https://piste.gouv.fr"


@dataclass(frozen=True)
class Cure:
    """The words of the button and its address; `again` asks the doctor once more instead."""

    words: str
    href: str = ""
    again: bool = False
    outside: bool = False


_AGAIN = Cure("Tester de nouveau maintenant", again=True)
_SETTINGS = Cure("Corriger les paramètres de la connexion", "{place}/{id}")
_PASSWORD = Cure("Saisir le mot de passe", "{place}?modifier={id}#connexion-{id}")
_RESET = Cure("Réinitialiser le mot de passe, pas à pas", "{place}/assistant?connexion={id}&demarche=reinitialisation")
_EXPIRY = Cure("Saisir la date d’expiration", "{place}?modifier={id}#echeance-{id}")
_PISTE = Cure("Ouvrir PISTE", PISTE, outside=True)
_PORTAL = Cure("Ouvrir le portail Chorus Pro", "{portal}", outside=True)

_BY_CODE = {
    "NET-04": _SETTINGS, "NET-05": _SETTINGS, "PST-01": _SETTINGS, "PST-02": _SETTINGS, "TEC-09": _SETTINGS,
    "CFG-01": _SETTINGS, "PST-03": _PISTE, "PST-04": _PISTE, "PST-05": _PISTE, "TEC-03": _PASSWORD,
    "CFG-02": _PASSWORD, "TEC-11": _EXPIRY, "CFG-03": _AGAIN,
}  # fmt: skip
_BY_FAMILY = {"TEC": _RESET, "NET": _AGAIN, "PST": _AGAIN}


def cure_of(cause: Cause, connection: Connection, place: str) -> Cure:
    """What to do first about this cause."""
    cure = _BY_CODE.get(cause.code) or _BY_FAMILY.get(cause.family, _PORTAL)
    portal = connection.addresses.portal_url
    if cure is _PORTAL and not portal:
        return _AGAIN
    href = cure.href.format(place=place, id=connection.id, portal=portal)
    return Cure(cure.words, href, cure.again, cure.outside)
