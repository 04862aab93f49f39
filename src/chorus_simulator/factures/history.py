"""`consulter/historique`: statuses, events and user actions, newest first (specifications/life-cycle.md §3)."""

from __future__ import annotations

from chorus_simulator import fields
from chorus_simulator.factures.rights import readable
from chorus_simulator.model import Facture
from chorus_simulator.operations import OK, Answer, Call
from chorus_simulator.writing import minute, page_of, paging, suffixed

STATUS, EVENT, ACTION = ("ListeHistoStatut",), ("ListeHistoEvenement",), ("ListeHistoAction",)


def consulter_historique(call: Call) -> Answer:
    """`consulter/historique` (api/factures.md §11): statuses, events and actions, each list with its own paging,
    newest first. Open to every side of the invoice; refuses the others with 20001."""
    facture = readable(call, fields.needed_number(call.body, "idFacture"))
    answer = {
        **OK,
        "idFacture": facture.id,
        "numeroFacture": facture.numero,
        "modeDepot": facture.modeDepot,
        "statutCourantCode": facture.statut,
        "historiquesDesStatuts": _statuses(call, facture),
        "historiquesDesEvenementsComplementaires": _events(call, facture),
        "historiquesDesActionsUtilisateurs": _actions(call, facture),
    }
    if facture.actions:
        answer["derniereAction"] = {
            "derniereActionId": len(facture.actions),
            "derniereActionCode": facture.actions[-1].code,
        }
    return answer


def _statuses(call: Call, facture: Facture) -> Answer:
    asked = paging(fields.record(call.body, "paramRechercheHistoStatuts"), suffixes=STATUS)
    rows = [
        {
            "histoStatutId": facture.id * 100 + rank,
            "histoStatutCode": step.statut,
            "histoStatutDatePassage": minute(step.quand),
            "histoStatutCommentaire": step.commentaire or None,
            "histoStatutUtilisateurPrenom": step.prenom or None,
            "histoStatutUtilisateurNom": step.nom or None,
            "histoStatutUtilisateurEmail": step.email or None,
            "histoStatutUtilisateurTelephone": step.telephone or None,
        }
        for rank, step in enumerate(facture.historique, 1)
    ]
    return {"histoStatut": page_of(rows[::-1], asked), **suffixed(asked, len(rows), "HistoStatut")}


def _events(call: Call, facture: Facture) -> Answer:
    asked = paging(fields.record(call.body, "paramRechercheHistoEvenementsComplementaires"), suffixes=EVENT)
    rows = [
        {
            "evenementId": facture.id * 100 + rank,
            "evenementLibelle": event.libelle,
            "evenementQui": event.qui,
            "evenementDateHeure": minute(event.quand),
        }
        for rank, event in enumerate(facture.evenements, 1)
    ]
    return {"evenement": page_of(rows[::-1], asked), **suffixed(asked, len(rows), "Evenement")}


def _actions(call: Call, facture: Facture) -> Answer:
    asked = paging(fields.record(call.body, "paramRechercheHistoActionsUtilisateurs"), suffixes=ACTION)
    rows = [
        {
            "histoActionId": facture.id * 100 + rank,
            "histoActionCode": action.code,
            "histoActionDateHeure": minute(action.quand),
            "histoActionUtilisateurPrenom": action.prenom or None,
            "histoActionUtilisateurNom": action.nom or None,
            "histoActionUtilisateurEmail": action.email or None,
        }
        for rank, action in enumerate(facture.actions, 1)
    ]
    return {"histoAction": page_of(rows[::-1], asked), **suffixed(asked, len(rows), "HistoAction")}
