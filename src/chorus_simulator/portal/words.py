"""How the portal writes dates, amounts and statuses in French.

Dates are shown at the hour of Paris whatever the zone of the value; amounts are `Decimal`, never rounded
here beyond the two decimals of a screen. Labels of statuses: specifications/life-cycle.md §1.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
NBSP = "\N{NO-BREAK SPACE}"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

STATUSES = {
    "BROUILLON": "Brouillon",
    "INTERPRETEE_OCR": "Interprétée OCR",
    "DEPOSEE": "Déposée",
    "EN_COURS_ACHEMINEMENT": "En cours d’acheminement",
    "MISE_A_DISPOSITION": "Mise à disposition du destinataire",
    "A_RECYCLER": "À recycler",
    "REJETEE": "Rejetée",
    "SUSPENDUE": "Suspendue",
    "SERVICE_FAIT": "Service fait",
    "MANDATEE": "Mandatée / DP validée",
    "MISE_A_DISPOSITION_COMPTABLE": "Mise à disposition du comptable",
    "COMPTABILISEE": "Comptabilisée",
    "MISE_EN_PAIEMENT": "Mise en paiement",
    "COMPLETEE": "Complétée",
    "A_VALIDER_1": "À valider (premier valideur)",
    "A_VALIDER_2": "À valider (second valideur)",
    "VALIDEE_1": "Validée par le premier valideur",
    "VALIDEE_2": "Validée par le second valideur",
    "REFUSEE_1": "Refusée par le premier valideur",
    "REFUSEE_2": "Refusée par le second valideur",
    "ABSENCE_VALIDATION_1_HORS_DELAI": "Absence de validation dans les délais (premier valideur)",
    "ABSENCE_VALIDATION_2_HORS_DELAI": "Absence de validation dans les délais (second valideur)",
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR": "Erreur du fournisseur sur le valideur",
    "ERREUR_COTRAITANT_SUR_VALIDEUR": "Erreur du cotraitant sur le valideur",
    "ABANDONNEE": "Abandonnée",
    "SUPPRIMEE": "Supprimée",
}


def stamp(moment: datetime | None) -> str:
    """`07/08/2023 08:29:58`, empty for None."""
    return moment.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S") if moment else ""


def day(value: date | datetime | None) -> str:
    """`07/08/2023`, empty for None."""
    if isinstance(value, datetime):
        value = value.astimezone(PARIS).date()
    return value.strftime("%d/%m/%Y") if value else ""


def long_date(moment: datetime | None) -> str:
    """`19 décembre 2016 15:44:35`, as in « Dernière connexion le … »; empty for None."""
    if moment is None:
        return ""
    here = moment.astimezone(PARIS)
    return f"{here.day} {MONTHS[here.month - 1]} {here.year} {here:%H:%M:%S}"


def money(amount: Decimal | None, currency: str = "EUR") -> str:
    """`1 234,56 €`, with non-breaking spaces; another currency by its code; empty for None."""
    if amount is None:
        return ""
    digits = f"{amount:,.2f}".replace(",", NBSP).replace(".", ",")
    return f"{digits}{NBSP}{'€' if currency == 'EUR' else currency}"


def status(code: str) -> str:
    """The French label of a status; an unknown one is shown as it came."""
    return STATUSES.get(code, code)


def short_login(login: str) -> str:
    """`TECH_45251785100010`: what the drop-down of 2022 shows, the login without its domain."""
    return login.partition("@")[0]
