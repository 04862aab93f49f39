"""Statuses that a public body gives: asked here, made durable, posted in order by `posting.py`."""

from dataclasses import dataclass
from datetime import datetime

from choruspro.models.factures_historique import WsRetourConsulterHistoriqueFacture
from raccord.domain import statuses as words
from raccord.domain.errors import Conflict, Invalid
from raccord.domain.reception import NewStatus, PostState, Reception, StatusPost
from raccord.engine.ground import Ground
from raccord.engine.names import POST
from raccord.engine.talk import live
from raccord.store import connections, journal, posts, receptions


@dataclass(frozen=True)
class StatusPassage:
    """One line of the history that Chorus Pro keeps: newest first there, and here."""

    code: str
    label: str
    at: datetime | None
    comment: str
    author: str


class Statuses:
    """Takes statuses in charge and answers about them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def post(self, new: NewStatus) -> StatusPost:
        """Give a reception a status, durably.

        Raises `Invalid` (`STATUT_INCONNU`, `STATUT_MOTIF_OBLIGATOIRE`, `STATUT_MOTIF_TROP_LONG`,
        `STATUT_MANDAT_DEPLACE`), `Conflict` (`STATUT_NON_PERMIS`), `NotFound`.
        """
        _check(new)
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            reception = receptions.get(conn, new.reception_id)
            asked = posts.of_reception(conn, new.reception_id)
            _check_path(new, reception, asked)
            post = StatusPost(
                id=ground.new_id(),
                reception_id=new.reception_id,
                target=new.target,
                motif=new.motif,
                mandate_number=new.mandate_number,
                state=PostState.WAITING,
                answer="",
                author=new.author,
                created_at=now,
                updated_at=now,
            )
            posts.insert(conn, post, reception.connection_id, new.source)
            facts = {"target": new.target, "motif": new.motif, "mandate": new.mandate_number, "source": new.source}
            subject = f"reception/{reception.id}"
            journal.append(conn, ground.event(subject, "status.asked", new.author or "raccord", **facts))
            args = {"connection_id": reception.connection_id}
            ground.jobs.schedule(conn, POST, reception.connection_id, args, priority=2)
        return post

    def targets(self, reception_id: str) -> tuple[str, ...]:
        """What may be posted now, after what already waits."""
        with self._ground.store.read() as conn:
            reception = receptions.get(conn, reception_id)
            return words.targets_from(_standing(reception, posts.of_reception(conn, reception_id)))

    def posts(self, reception_id: str) -> tuple[StatusPost, ...]:
        """The statuses asked for a reception, in their order."""
        with self._ground.store.read() as conn:
            return posts.of_reception(conn, reception_id)

    def history(self, reception_id: str) -> tuple[StatusPassage, ...]:
        """What Chorus Pro remembers of this invoice, read now. Raises `Unavailable`."""
        with self._ground.store.read() as conn:
            reception = receptions.get(conn, reception_id)
            connection = connections.get(conn, reception.connection_id)
        with live(self._ground, connection) as chorus:
            answer = chorus.factures.consulter_historique(idFacture=reception.id_facture)
        return passages(answer)


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


def _standing(reception: Reception, asked: tuple[StatusPost, ...]) -> str:
    """The status that the reception will have once what waits has gone through."""
    waiting = [post for post in asked if post.state in (PostState.WAITING, PostState.SENDING, PostState.UNCERTAIN)]
    return waiting[-1].target if waiting else reception.platform_status


def _check(new: NewStatus) -> None:
    if new.target not in words.TARGETS:
        raise Invalid(
            "STATUT_INCONNU",
            f"« {words.label(new.target)} » n’est pas un statut qu’un destinataire peut donner.",
            "Choisissez l’un des statuts proposés sur la page de la facture.",
        )
    if new.target in words.NEEDS_MOTIF and not new.motif.strip():
        raise Invalid(
            "STATUT_MOTIF_OBLIGATOIRE",
            f"Le statut « {words.label(new.target)} » demande un motif : le fournisseur doit savoir quoi corriger.",
            "Écrivez le motif en quelques mots (255 caractères au plus).",
        )
    if len(new.motif) > words.MOTIF_MAX:
        raise Invalid(
            "STATUT_MOTIF_TROP_LONG",
            f"Le motif compte {len(new.motif)} caractères : Chorus Pro en accepte 255.",
            "Raccourcissez le motif.",
        )
    if new.mandate_number and new.target != "MANDATEE":
        raise Invalid(
            "STATUT_MANDAT_DEPLACE",
            "Un numéro de mandat ne va qu’avec le statut « Mandatée ».",
            "Effacez le numéro de mandat, ou choisissez le statut « Mandatée ».",
        )


def _check_path(new: NewStatus, reception: Reception, asked: tuple[StatusPost, ...]) -> None:
    standing = _standing(reception, asked)
    if new.target in words.targets_from(standing):
        return
    raise Conflict(
        "STATUT_NON_PERMIS",
        f"Depuis le statut « {words.label(standing)} », Chorus Pro n’accepte pas « {words.label(new.target)} ».",
        "Rechargez la page : les statuts possibles y sont proposés.",
    )
