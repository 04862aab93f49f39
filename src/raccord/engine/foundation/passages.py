"""The history of an invoice as Chorus Pro tells it to whoever may see the invoice: supplier, public body, validator."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from choruspro import ChorusPro
from choruspro.models.factures_historique import ParamRechercheHistoStatuts
from raccord.domain import statuses as words

_MOST = ParamRechercheHistoStatuts(nbResultatsParPageListeHistoStatut=100)
"""Statuses of a history: the platform gives ten unless more is asked."""
_CLOCKS_DIFFER = timedelta(minutes=10)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class StatusPassage:
    """One line of the history that Chorus Pro keeps."""

    code: str
    label: str
    at: datetime | None
    comment: str
    author: str


def history(chorus: ChorusPro, id_facture: int) -> tuple[StatusPassage, ...]:
    """The statuses that an invoice went through, newest first. Raises the client's errors."""
    answer = chorus.factures.consulter_historique(idFacture=id_facture, paramRechercheHistoStatuts=_MOST)
    rows = answer.historiquesDesStatuts.histoStatut if answer.historiquesDesStatuts else []
    told = [
        StatusPassage(
            code=str(row.histoStatutCode or ""),
            label=words.label(str(row.histoStatutCode or "")),
            at=row.histoStatutDatePassage,
            comment=row.histoStatutCommentaire or "",
            author=" ".join(filter(None, (row.histoStatutUtilisateurPrenom, row.histoStatutUtilisateurNom))),
        )
        for row in rows
    ]
    return tuple(sorted(told, key=lambda line: line.at or _NEVER, reverse=True))


def happened(told: Iterable[StatusPassage], codes: Collection[str], asked_at: datetime) -> bool:
    """Whether one of these statuses was given since `asked_at`: what was asked then has arrived."""
    since = asked_at - _CLOCKS_DIFFER
    return any(line.code in codes and (line.at is None or line.at >= since) for line in told)
