"""Commitments published by public bodies (specifications/api/engagements-juridiques.md)."""

from __future__ import annotations

from datetime import date

from chorus_simulator import fields
from chorus_simulator.clock import PARIS
from chorus_simulator.model import Engagement, Facture
from chorus_simulator.operations import OK, Answer, Call, Operation
from chorus_simulator.parties import Structure
from chorus_simulator.transverses.errors import unknown_object
from chorus_simulator.writing import counters, page_of, paging

KIND = "BON_DE_COMMANDE"


def _visible(call: Call) -> list[Engagement]:
    """Those of the account's structures, on either side."""
    return [e for e in call.world.engagements.values() if {e.idEmetteur, e.idRecepteur} & call.reach]


def rechercher(call: Call) -> Answer:
    """`rechercher` (api/engagements-juridiques.md §1): every criterion given must hold; an empty list when none
    does."""
    asked = paging(fields.record(call.body, "parametresRecherche"))
    found = [engagement for engagement in _visible(call) if _matches(call, engagement)]
    found.sort(key=lambda e: (e.dateNotification, e.id), reverse=asked.descending)
    listed = [_row(call, engagement) for engagement in page_of(found, asked)]
    return {**OK, "listeEngagementJuridique": listed, "parametresRetour": counters(asked, len(found))}


def _matches(call: Call, engagement: Engagement) -> bool:
    body = call.body
    texts = (
        ("structureReceptriceEngagementJuridique", str(engagement.idRecepteur)),
        ("numeroEngagementJuridique", engagement.numero),
        ("numeroMarcheEngagementJuridique", engagement.numeroMarche),
        ("etatCourantEngagementJuridique", engagement.etat),
    )
    if any((wanted := fields.text(body, name)) and wanted != value for name, value in texts):
        return False
    low, high = fields.amount(body, "montantTTCMin"), fields.amount(body, "montantTTCMax")
    since, until = _day(call, "periodeDateNotificationEJDu"), _day(call, "periodeDateNotificationEJAu")
    return (
        (low is None or engagement.montantTtc >= low)
        and (high is None or engagement.montantTtc <= high)
        and (since is None or engagement.dateNotification >= since)
        and (until is None or engagement.dateNotification <= until)
    )


def _day(call: Call, name: str) -> date | None:
    moment = fields.moment(call.body, name)
    return moment.astimezone(PARIS).date() if moment else None


def _row(call: Call, engagement: Engagement) -> Answer:
    receiver = call.world.structures[engagement.idRecepteur]
    return {
        "idEngagementJuridique": engagement.id,
        "libelleTypeEngagementJuridique": KIND,
        "numeroEngagementJuridique": engagement.numero,
        "structureReceptrice": receiver.designation,
        "identifiantStructureReceptrice": receiver.identifiant,
        "codeServiceExecutant": engagement.codeService,
        "libelleServiceExecutant": engagement.codeService,
        "dateNotificationEJ": engagement.dateNotification.isoformat(),
        "libelleEtatCourantEJ": engagement.etat,
        "montantTotalTtc": engagement.montantTtc,
        "deviseEngagement": engagement.devise,
        "taillePJ": 0,
    }


def consulter_detail(call: Call) -> Answer:
    """`consulterDetail` (api/engagements-juridiques.md §2), by number; its `demandePaiement` are the invoices that
    cite it. Refuses a commitment that none of the account's structures gave or received."""
    number = fields.required(call.body, "numeroEngagementJuridique", 50)
    engagement = next((one for one in _visible(call) if one.numero == number), None)
    if engagement is None:
        raise unknown_object("L'engagement juridique")
    return {
        **OK,
        "idEngagement": engagement.id,
        "numeroEngagementJuridique": engagement.numero,
        "etatCourantEngagement": engagement.etat,
        "emetteur": _issuer(call.world.structures[engagement.idEmetteur], engagement),
        "recepteur": _receiver(call.world.structures[engagement.idRecepteur]),
        "lignePoste": [
            {"numeroDePoste": "1", "montantTtcPoste": engagement.montantTtc, "statutPoste": engagement.etat}
        ],
        "demandePaiement": [_request(f) for f in call.world.factures.values() if f.numeroBonCommande == number],
    }


def _issuer(issuer: Structure, engagement: Engagement) -> Answer:
    return {
        "idStructureEmettrice": issuer.idStructureCPP,
        "identifiantStructureEmettrice": issuer.identifiant,
        "raisonSocialeStructureEmettrice": issuer.designation,
        "codeServiceExecutant": engagement.codeService,
    }


def _receiver(receiver: Structure) -> Answer:
    where = receiver.adresse
    return {
        "idStructureReceptrice": receiver.idStructureCPP,
        "identifiantStructureReceptrice": receiver.identifiant,
        "designationStructureReceptrice": receiver.designation,
        "adresseStructureReceptriceDetail": where.adresse,
        "adresseStructureReceptriceCodePostal": where.codePostal,
        "adresseStructureReceptriceVille": where.ville,
        "adresseStructureReceptriceCodePays": where.pays,
    }


def _request(facture: Facture) -> Answer:
    return {
        "idDemandePaiement": facture.id,
        "numeroDemandePaiement": facture.numero,
        "dateFournisseur": facture.dateFacture.isoformat(),
        "etatCourantDemandePaiement": facture.statut,
        "montantTtcDemandePaiement": facture.montantTTC,
        "typeDemandePaiement": facture.typeDemandePaiement,
        "sousType": facture.typeFacture,
    }


OPERATIONS = (
    Operation(
        "/cpro/engagementsJuridiques/v1/rechercher", rechercher, "C1", "api/engagements-juridiques.md §1", settles=False
    ),
    Operation(
        "/cpro/engagementsJuridiques/v1/consulterDetail",
        consulter_detail,
        "O",
        "api/engagements-juridiques.md §2",
        note="chemin PISTE déduit",
    ),
)
