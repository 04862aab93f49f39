"""Causes met while following a flux or an invoice, and while fetching those received (diagnosis.md §10 and §11)."""

from raccord.doctor.causes.writing import EXPLAINED, Steps, entry
from raccord.domain.connection import Light
from raccord.domain.verdict import Cause


def _followed(code: str, title: str, *, say: str, do: Steps, en: str, do_en: Steps) -> Cause:
    """A cause of one flux or invoice: the light of the connection stays as it is."""
    return entry(code, title, say=say, do=do, en=en, do_en=do_en, light=Light.GREEN, seen=EXPLAINED)


CAUSES = (
    _followed(
        "FLX-01",
        "En attente de contrôle",
        say="En cours de contrôle par Chorus Pro.",
        do=("Rien à faire ; Raccord alerte au-delà de 24 heures ouvrées.",),
        en="Being controlled by Chorus Pro.",
        do_en=("Nothing to do; Raccord warns after 24 working hours.",),
    ),
    _followed(
        "FLX-02",
        "Flux rejeté (IN_REJETE)",
        say="Chorus Pro a refusé l’envoi : {reasons}.",
        do=(
            "Lisez les raisons et corrigez la facture.",
            "Renvoyez-la : le même numéro est permis, elle n’a pas été intégrée.",
        ),
        en="Chorus Pro refused the deposit: {reasons}.",
        do_en=("Read the reasons and correct the invoice.", "Send it again: the same number is allowed."),
    ),
    _followed(
        "FLX-03",
        "Intégration partielle (IN_INTEGRE_PARTIEL)",
        say="{accepted} facture(s) sont acceptées, {rejected} sont à corriger.",
        do=("Corrigez celles qui sont refusées, elles seules.", "Les autres suivent leur cours."),
        en="{accepted} invoice(s) accepted, {rejected} to correct.",
        do_en=("Correct the refused ones, and only those.", "The others go on."),
    ),
    _followed(
        "FLX-04",
        "Incident de Chorus Pro (IN_INCIDENTE)",
        say="Incident du côté de Chorus Pro : le flux entier doit être renvoyé.",
        do=(
            "Rien à faire : Raccord renvoie le flux entier.",
            "État IN_EN_ATTENTE_RETRAITEMENT_CPP : attendez la reprise manuelle par Chorus Pro.",
        ),
        en="An incident at Chorus Pro: the whole flux must be sent again.",
        do_en=("Nothing to do: Raccord sends the whole flux again.", "IN_EN_ATTENTE_RETRAITEMENT_CPP: wait."),
    ),
    _followed(
        "FLX-05",
        "Facture sans nouvelles",
        say="Sans nouvelles depuis {days} jours : contactez le service {service}.",
        do=(
            "Contactez le service destinataire.",
            "Au-delà de 30 jours : des intérêts et une indemnité de 40 € sont dus.",
        ),
        en="No news for {days} days: contact the service {service}.",
        do_en=("Contact the recipient’s service.", "After 30 days interest and 40 € are due."),
    ),
    _followed(
        "FAC-01",
        "Facture suspendue",
        say="Le client demande des pièces : {reason}.",
        do=("Ajoutez les pièces demandées.", "Cliquez sur « Compléter » : la facture devient COMPLETEE."),
        en="The customer asks for documents: {reason}.",
        do_en=("Add the documents asked.", "Click “Compléter”: the invoice becomes COMPLETEE."),
    ),
    _followed(
        "FAC-02",
        "Facture à recycler",
        say="Le destinataire, le service ou l’engagement est à corriger : {reason}.",
        do=(
            "Changez seulement le SIRET, le service ou l’engagement ; gardez le numéro.",
            "Si la fonction n’existe plus : traitez-la comme une facture rejetée.",
        ),
        en="Recipient, service or commitment must be corrected: {reason}.",
        do_en=("Change only SIRET, service or commitment; keep the number.", "If no longer offered: as REJETEE."),
    ),
    _followed(
        "FAC-03",
        "Facture rejetée",
        say="Le client a rejeté la facture : {reason}.",
        do=("Prenez connaissance du motif.", "Corrigez, et faites une facture avec un nouveau numéro."),
        en="The customer rejected the invoice: {reason}.",
        do_en=("Read the reason.", "Correct, and make an invoice with a new number."),
    ),
    _followed(
        "FAC-04",
        "Refusée par le titulaire ou le maître d’œuvre",
        say="Le titulaire, ou le maître d’œuvre, a refusé : {reason}.",
        do=("Voyez avec lui.", "Sous-traitance : il a 15 jours ; au-delà, son silence vaut accord."),
        en="The holder, or the works manager, refused: {reason}.",
        do_en=("Settle it with them.", "Subcontracting: 15 days, then silence is agreement."),
    ),
    _followed(
        "FAC-05",
        "Montant contesté (travaux)",
        say="Le client conteste le montant : montant admis {amount} €.",
        do=(
            "Lisez le motif « erreur de montant » et les montants admis.",
            "Depuis le 19/02/2025, un rejet total pour le seul montant n’est plus possible.",
        ),
        en="The customer contests the amount: {amount} € admitted.",
        do_en=("Read the reason “erreur de montant” and the admitted amounts.", "No total rejection for an amount."),
    ),
    _followed(
        "REC-01",
        "Aucune facture relevée",
        say="Aucune facture pour ces critères.",
        do=(
            "Vérifiez la fenêtre de dates, le filtre de service et la liste des structures.",
            "Vérifiez que l’espace « Factures reçues » est ouvert.",
            "Le filtre « déjà téléchargée » de Chorus Pro peut en cacher.",
        ),
        en="No invoice for these criteria.",
        do_en=("Check dates, service filter and structures.", "Check the space “Factures reçues”.", "See all states."),
    ),
    _followed(
        "REC-02",
        "Afflux au premier relevé",
        say="{count} factures attendent. À partir de quelle date faut-il les récupérer ?",
        do=("Choisissez la date de départ ; 30 jours sont proposés.",),
        en="{count} invoices wait. From which date should they be fetched?",
        do_en=("Choose the starting date; 30 days are proposed.",),
    ),
    _followed(
        "REC-03",
        "Changement de statut refusé",
        say="Chorus Pro a déjà changé le statut de cette facture.",
        do=("Rien à faire : Raccord relit son histoire.", "Choisissez ensuite parmi les statuts permis."),
        en="Chorus Pro has already changed the status of this invoice.",
        do_en=("Nothing to do: Raccord reads its history again.", "Then choose among the allowed statuses."),
    ),
    _followed(
        "REC-04",
        "Motif ou numéro de mandat manquant",
        say="Un motif est obligatoire (255 caractères au plus), ou le numéro de mandat manque.",
        do=("Rejetée ou suspendue : saisissez le motif.", "Mandatée : indiquez le numéro de mandat."),
        en="A reason is compulsory (255 characters at most), or the mandate number is missing.",
        do_en=("REJETEE or SUSPENDUE: type the reason.", "MANDATEE: give the mandate number."),
    ),
)
