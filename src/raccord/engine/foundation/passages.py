"""The history of an invoice as Chorus Pro tells it to whoever may see the invoice: supplier, public body, validator."""

from dataclasses import dataclass
from datetime import datetime

from choruspro.models.factures_historique import WsRetourConsulterHistoriqueFacture
from raccord.domain import statuses as words


@dataclass(frozen=True)
class StatusPassage:
    """One line of the history that Chorus Pro keeps: newest first there, and here."""

    code: str
    label: str
    at: datetime | None
    comment: str
    author: str


def passages(answer: WsRetourConsulterHistoriqueFacture) -> tuple[StatusPassage, ...]:
    """The history of statuses in an answer of `consulter/historique`."""
    rows = answer.historiquesDesStatuts.histoStatut if answer.historiquesDesStatuts else []
    return tuple(
        StatusPassage(
            code=str(row.histoStatutCode or ""),
            label=words.label(str(row.histoStatutCode or "")),
            at=row.histoStatutDatePassage,
            comment=row.histoStatutCommentaire or "",
            author=" ".join(filter(None, (row.histoStatutUtilisateurPrenom, row.histoStatutUtilisateurNom))),
        )
        for row in rows
    )
