"""What the journal says to a person: one sentence per kind of event; an unknown kind is shown as it came."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from jinja2 import pass_context
from jinja2.runtime import Context

from raccord.domain.clock import PARIS
from raccord.domain.connection import Light
from raccord.domain.journal import Event
from raccord.domain.statuses import label
from raccord.web.i18n import translate

SENTENCES: Mapping[str, str] = {
    "deposit.accepted": "Déposée dans Raccord",
    "deposit.faulty": "Déposée, à corriger avant l’envoi",
    "deposit.sent": "Envoyée à Chorus Pro, flux {numero_flux}",
    "deposit.integrated": "Intégrée dans Chorus Pro",
    "deposit.refused": "Refusée au contrôle par Chorus Pro",
    "deposit.status": "Statut dans Chorus Pro : {status}",
    "deposit.cancelled": "Annulée avant l’envoi",
    "deposit.resubmitted": "Contrôlée de nouveau, remise en attente d’envoi",
    "deposit.sent_again": "Remise en attente d’envoi : Chorus Pro a eu un incident",
    "deposit.uncertain": "Envoi non confirmé : Raccord vérifie avant tout nouvel envoi",
    "deposit.found": "Retrouvée dans Chorus Pro : l’envoi avait abouti",
    "deposit.adopted": "Déjà dans Chorus Pro : c’est cette facture, Raccord la suit",
    "deposit.recovered": "Reprise de Chorus Pro, où elle avait été déposée",
    "deposit.not_found": "Absente de Chorus Pro : remise en attente d’envoi",
    "deposit.to_decide": "Chorus Pro ne permet pas de savoir si l’envoi a abouti",
    "deposit.decided": "Décision prise par une personne",
    "answer.asked": "Réponse au destinataire enregistrée",
    "answer.done": "Réponse acceptée par Chorus Pro",
    "answer.refused": "Réponse refusée par Chorus Pro : {reply}",
    "answer.uncertain": "Réponse non confirmée : Raccord vérifie avant tout nouvel envoi",
    "reception.seen": "Vue dans Chorus Pro",
    "reception.stored": "Récupérée, vérifiée et conservée",
    "reception.status": "Statut dans Chorus Pro : {status}",
    "reception.set_aside": "Téléchargement reporté : {reason}",
    "reception.assigned": "Attribuée à {assignee} {service}",
    "reception.remarked": "Commentaire ajouté",
    "status.asked": "Changement de statut demandé : {target}",
    "status.done": "Statut accepté par Chorus Pro : {target}",
    "status.refused": "Statut refusé par Chorus Pro : {target}",
    "status.uncertain": "Statut non confirmé : Raccord vérifie avant tout nouvel envoi",
    "user.reach_changed": "Périmètre changé : {reach}",
    "connection.created": "Connexion créée",
    "connection.edited": "Connexion modifiée",
    "connection.deleted": "Connexion supprimée",
    "connection.light": "Voyant : {light}",
    "connection.candidate_entered": "Nouveau mot de passe saisi pour {login}",
    "connection.candidate_refused": "Nouveau mot de passe refusé, l’ancien reste en place",
    "connection.candidate_dropped": "Nouveau mot de passe abandonné",
    "connection.password_changed": "Mot de passe remplacé pour {login}",
    "connection.expiry_typed": "Date d’expiration saisie",
    "connection.structures_discovered": "Structures relevées dans Chorus Pro : {count}",
    "connection.breaker_opened": "Appels arrêtés : Chorus Pro refuse le compte",
    "connection.breaker_closed": "Appels repris",
    "connection.paused": "Envois suspendus",
    "connection.resumed": "Envois repris",
    "connection.reconciled": "Rapprochement avec Chorus Pro depuis le {since}",
    "connection.refreshed": "Relève des statuts demandée",
    "directory.loaded": "Annuaire mis à jour : {structures} structures, {services} services",
    "digest.asked": "Récapitulatif des échéances demandé, à {hour} h",
    "digest.cancelled": "Récapitulatif des échéances arrêté",
    "digest.sent": "Récapitulatif des échéances envoyé : {letters} courriel(s)",
    "entries.accounts_chosen": "Comptes des écritures choisis : {journal}, {expense}, {vat}, {supplier}",
    "entries.accounts_forgotten": "Comptes des écritures : retour aux comptes communs",
    "inbox.begun": "Récupération des factures commencée",
    "inbox.retrieve_asked": "Récupération demandée",
    "user.created": "Compte créé",
    "user.changed": "Compte modifié",
    "user.erased": "Compte effacé",
    "user.signed_in": "Connexion d’une personne",
    "user.sign_in_refused": "Connexion refusée",
    "user.locked": "Compte bloqué après plusieurs échecs",
    "user.signed_out_everywhere": "Toutes les sessions fermées",
    "user.calendar_opened": "Adresse de calendrier créée",
    "user.session_revoked": "Session fermée",
    "user.password_changed": "Mot de passe de la personne changé",
    "user.reset_asked": "Lien de nouveau mot de passe demandé",
    "user.second_factor_on": "Second facteur activé",
    "user.second_factor_off": "Second facteur retiré",
    "user.recovery_code_used": "Code de secours utilisé",
    "webhook.created": "Webhook créé : {label}",
    "webhook.edited": "Webhook modifié : {label}",
    "webhook.deleted": "Webhook supprimé : {label}",
    "webhook.secret_renewed": "Clé de signature changée : {label}",
    "webhook.replayed": "Webhook rejoué après le n° {after} : {label}",
    "webhook.stopped": "Webhook arrêté : {label}",
    "consumer.acknowledged": "Factures prises par un programme, jusqu’à la place {through}",
    "reception.laid": "Déposée dans le dossier surveillé : {path}",
    "reception.taken": "Prise dans le dossier surveillé",
    "body.kind_chosen": "Délai de paiement choisi : {nature}",
    "archive.verified": "Archives vérifiées : {checked} fichiers relus",
    "archive.exported": "Dossier complet exporté",
    "archive.held": "Gelée : {reason}",
    "archive.released": "Gel levé",
    "archive.purged": "Fichiers détruits, règle : {rule}",
    "archive.stamped": "Journal du {day} horodaté",
    "validation.asked": "Décision demandée sur la facture {number}",
    "validation.done": "Décision acceptée par Chorus Pro, facture {number}",
    "validation.refused": "Décision refusée par Chorus Pro, facture {number}",
    "validation.uncertain": "Décision non confirmée : Raccord vérifie avant tout nouvel envoi",
    "vault.key_rotated": "Clé du coffre changée",
    "backup.written": "Sauvegarde écrite",
    "backup.restored": "Sauvegarde reprise, envois suspendus",
    "key.created": "Clé d’API créée : {label}",
    "key.revoked": "Clé d’API révoquée",
}


def told(event: Event, language: str = "fr") -> str:
    """The sentence of this event, its facts filled in."""
    sentence = SENTENCES.get(event.kind)
    if sentence is None:
        return event.kind
    return translate(language, sentence).format_map(_facts(event, language)).rstrip(" \u00a0:")


def since(event: Event) -> datetime | None:
    """Since when, by Chorus Pro's clock, what the event tells is so; None when it is not said."""
    try:
        found = datetime.fromisoformat(str(event.data.get("at") or ""))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=PARIS)


@pass_context
def told_here(context: Context, event: Event) -> str:
    """The same in the language of the page."""
    return told(event, str(context.get("language", "fr")))


def _facts(event: Event, language: str) -> Mapping[str, str]:
    facts: defaultdict[str, str] = defaultdict(str)
    facts.update({name: translate(language, str(value)) for name, value in event.data.items()})
    for name in ("status", "target"):
        facts[name] = translate(language, label(facts[name]))
    if facts["light"] in {light.value for light in Light}:
        facts["light"] = translate(language, Light(facts["light"]).sentence)
    return facts
