"""Asking Chorus Pro whether a commitment exists, where it can tell (specifications/api/engagements-juridiques.md).

Advice, never a refusal: only bodies that publish their commitments can be checked, mostly the State.
"""

from collections.abc import Sequence

from choruspro import ChorusPro, Refused
from choruspro.models.engagements_juridiques import EngagementTrouve
from raccord.domain.connection import Structure
from raccord.domain.directory import CommitmentCheck, CommitmentVerdict
from raccord.domain.errors import Invalid, Unavailable
from raccord.domain.identifiers import CommitmentNumber, InvalidIdentifier
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.talk import live
from raccord.store import connections, structures

ORDERED = "COMMANDE"
"""The state of a commitment that may be invoiced."""


class Commitments:
    """Checks commitment numbers through the connection of the supplier to whom they were given."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def check(self, connection_id: str, number: str, supplier_siret: str, recipient_siret: str = "") -> CommitmentCheck:
        """Whether this supplier was given this commitment, and by that recipient when it is named.

        Raises `Invalid` (`ENGAGEMENT_INVALIDE`: empty or over 50 characters), `NotFound` (`CONNEXION_INCONNUE`).
        When Chorus Pro cannot be asked or has no answer for this account, the verdict is `NOT_CHECKED`.
        """
        wanted = _parsed(number)
        with self._ground.store.read() as conn:
            connection = connections.get(conn, connection_id)
            supplier = structures.by_siret(conn, connection_id, supplier_siret)
        try:
            with live(self._ground, connection) as chorus:
                return _asked(chorus, wanted, supplier, recipient_siret)
        except Unavailable as error:
            return CommitmentCheck(CommitmentVerdict.NOT_CHECKED, f"{_UNCHECKED} {error.sentence}")


_UNCHECKED = "Ce numéro d’engagement n’a pas pu être vérifié auprès de Chorus Pro : recopiez-le du bon de commande."


def _parsed(number: str) -> str:
    try:
        return str(CommitmentNumber.parse(number))  # the client writes plain texts
    except InvalidIdentifier as error:
        raise Invalid("ENGAGEMENT_INVALIDE", error.sentence, "Recopiez-le du bon de commande.") from error


def _asked(chorus: ChorusPro, number: str, supplier: Structure | None, recipient_siret: str) -> CommitmentCheck:
    known = supplier.id_structure_cpp if supplier else None
    try:
        found = list(
            chorus.engagements_juridiques.rechercher.iter_rows(
                structureReceptriceEngagementJuridique=None if known is None else str(known),
                numeroEngagementJuridique=number,
                etatCourantEngagementJuridique=ORDERED,
            )
        )
    except Refused as error:
        return CommitmentCheck(CommitmentVerdict.NOT_CHECKED, f"{_UNCHECKED} {error.message}")
    same = [one for one in found if (one.numeroEngagementJuridique or number) == number]
    if not same:
        return CommitmentCheck(
            CommitmentVerdict.UNKNOWN,
            f"Chorus Pro ne connaît pas l’engagement « {number} » pour vous. Vérifiez-le sur le bon de commande ; "
            "beaucoup de collectivités ne publient pas leurs engagements, il peut donc être juste.",
        )
    return _issued(chorus, number, same, recipient_siret)


def _issued(chorus: ChorusPro, number: str, found: Sequence[EngagementTrouve], recipient_siret: str) -> CommitmentCheck:
    service = found[0].codeServiceExecutant or ""
    issuer = _issuer(chorus, number) if recipient_siret else ""
    if issuer and issuer != recipient_siret:
        return CommitmentCheck(
            CommitmentVerdict.ELSEWHERE,
            f"L’engagement « {number} » existe, mais il vient de la structure {issuer} et non du destinataire "
            f"{recipient_siret}. Vérifiez à qui la facture doit être adressée.",
            service,
        )
    told = f" Il vient du service « {service} »." if service else ""
    return CommitmentCheck(
        CommitmentVerdict.KNOWN, f"L’engagement « {number} » est connu de Chorus Pro.{told}", service
    )


def _issuer(chorus: ChorusPro, number: str) -> str:
    """Who made the commitment, empty when Chorus Pro does not say (the path of this page is a deduction)."""
    try:
        detail = chorus.engagements_juridiques.consulter_detail(numeroEngagementJuridique=number)
    except Refused:
        return ""
    return (detail.emetteur and detail.emetteur.identifiantStructureEmettrice) or ""
