"""The validators' desk: what waits for the holder of a contract, and the decisions, made durable.

Sending is in `validating.py`. What waits is read from Chorus Pro at each look: other people decide there too.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from choruspro.models.factures_recues import IdFactureInput
from choruspro.models.factures_valideur import FactureRechercheValideur as Row
from raccord.domain.clock import PARIS
from raccord.domain.connection import Connection
from raccord.domain.errors import Conflict, Invalid, NotFound
from raccord.domain.reception import PostState
from raccord.domain.validation import AWAITING, COMMENT_MAX, MOTIFS, Decision, NewDecision, tacit_on
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import VALIDATE
from raccord.engine.foundation.talk import live
from raccord.store import connections, journal, validation_rows


@dataclass(frozen=True)
class ToValidate:
    """An invoice that waits for a validator; `tacit_on`: the day from which silence is agreement, at the latest.

    The platform's list gives the day of deposit, not that on which a second validator was asked: for him the day is
    the earliest one.
    """

    id_facture: int
    number: str
    issue_date: date | None
    deposit_date: date | None
    supplier_siret: str
    supplier_name: str
    recipient_name: str
    validator_name: str
    commitment: str
    market: str
    amount_total: Decimal | None
    currency: str
    status: str
    rank: int
    tacit_on: date | None
    days_left: int | None = None
    """Days until `tacit_on`; 0 on that day, negative when Chorus Pro has not noted the agreement yet."""
    decision: Decision | None = None
    """What we decided and Chorus Pro has not answered yet."""


class Validators:
    """Shows what waits and takes decisions in charge."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def waiting(self, connection_id: str) -> tuple[ToValidate, ...]:
        """What waits for the structures of a connection, the most urgent first.

        Raises `NotFound`, `Unavailable`, `NotAllowed` (`PERIMETRE_PARTAGE`).
        """
        connection = self._connection(connection_id)
        self._ground.refuse_shared(connection_id)  # Chorus Pro's list does not say which of our structures is asked
        with live(self._ground, connection) as chorus:
            rows = list(chorus.factures.rechercher_a_traiter_valideur.iter_rows())
        today = self._ground.clock().astimezone(PARIS).date()
        found = [_shown(row, today) for row in rows if row.idFacture and str(row.statut or "") in AWAITING]
        with self._ground.store.read() as conn:
            decided = [
                replace(one, decision=validation_rows.open_for(conn, connection_id, one.id_facture)) for one in found
            ]
        return tuple(sorted(decided, key=lambda one: (one.tacit_on or date.max, one.number)))

    def document(self, connection_id: str, id_facture: int, *, attachments: bool = False) -> tuple[str, bytes]:
        """The invoice as Chorus Pro gives it to its validator: name, and PDF or ZIP with what is joined.

        Raises `NotFound`, `Unavailable`, `NotAllowed` (`PERIMETRE_PARTAGE`).
        """
        connection = self._connection(connection_id)
        self._ground.refuse_shared(connection_id)
        with live(self._ground, connection) as chorus:
            answer = chorus.factures.telecharger_groupe(
                format="PDF",
                avecPiecesJointesComplementaires="OUI" if attachments else "NON",
                listeFacture=[IdFactureInput(idFacture=id_facture)],
            )
        data = answer.fichierResultat or b""
        return f"facture_{id_facture}.{'zip' if data.startswith(b'PK') else 'pdf'}", data

    def decide(self, new: NewDecision) -> Decision:
        """Accept or refuse, durably.

        Raises `Invalid` (`VALIDATION_MOTIF_OBLIGATOIRE`, `VALIDATION_MOTIF_INCONNU`, `VALIDATION_MOTIF_DEPLACE`,
        `VALIDATION_COMMENTAIRE_TROP_LONG`), `NotFound` (`VALIDATION_ABSENTE`), `Conflict` (`VALIDATION_EN_COURS`),
        `Unavailable`.
        """
        check(new)
        invoice = next((one for one in self.waiting(new.connection_id) if one.id_facture == new.id_facture), None)
        if invoice is None:
            raise NotFound(
                "VALIDATION_ABSENTE",
                "Cette facture n’attend pas de validation : quelqu’un a déjà décidé, ou le délai est passé.",
                "Rechargez la liste des factures à valider.",
            )
        ground, now = self._ground, self._ground.clock()
        decision = Decision(
            ground.new_id(), new.connection_id, new.id_facture, invoice.number[:60], invoice.supplier_name[:200],
            invoice.rank, new.accepted, new.motif, new.comment.strip(), PostState.WAITING, "", new.author[:120], now,
            now,
        )  # fmt: skip
        with ground.store.begin() as conn:
            validation_rows.lock(conn, new.connection_id)
            if validation_rows.open_for(conn, new.connection_id, new.id_facture):
                raise _under_way()
            validation_rows.insert(conn, decision, new.source)
            facts = {"number": decision.number, "accepted": new.accepted, "motif": new.motif, "source": new.source}
            journal.append(
                conn, ground.event(subject_of(decision), "validation.asked", new.author or "raccord", **facts)
            )
            args = {"connection_id": new.connection_id}
            ground.jobs.schedule(conn, VALIDATE, new.connection_id, args, priority=2)
        return decision

    def decision(self, decision_id: str) -> Decision:
        """A decision as it stands. Raises `NotFound` (`DECISION_INCONNUE`)."""
        with self._ground.store.read() as conn:
            return validation_rows.get(conn, decision_id)

    def decisions(self, connection_id: str = "", limit: int = 50) -> tuple[Decision, ...]:
        """The last decisions, newest first."""
        with self._ground.store.read() as conn:
            return validation_rows.latest(conn, connection_id, limit)

    def _connection(self, connection_id: str) -> Connection:
        with self._ground.store.read() as conn:
            return connections.get(conn, connection_id)


def subject_of(decision: Decision) -> str:
    """The subject of its events: the invoice as Chorus Pro knows it."""
    return f"validation/{decision.id_facture}"


def check(new: NewDecision) -> None:
    """Refuse here what Chorus Pro would refuse. Raises `Invalid`."""
    if not new.accepted and not new.motif:
        raise Invalid(
            "VALIDATION_MOTIF_OBLIGATOIRE",
            "Un refus demande un motif : le fournisseur et le destinataire le liront.",
            "Choisissez un motif dans la liste.",
        )
    if new.motif and new.motif not in MOTIFS:
        raise Invalid(
            "VALIDATION_MOTIF_INCONNU",
            f"« {new.motif[:60]} » n’est pas un motif de Chorus Pro.",
            "Choisissez un motif dans la liste.",
        )
    if new.accepted and new.motif:
        raise Invalid(
            "VALIDATION_MOTIF_DEPLACE",
            "Un motif ne va qu’avec un refus.",
            "Effacez le motif, ou refusez la facture.",
        )
    if len(new.comment) > COMMENT_MAX:
        raise Invalid(
            "VALIDATION_COMMENTAIRE_TROP_LONG",
            f"Le commentaire compte {len(new.comment)} caractères : Chorus Pro en accepte {COMMENT_MAX}.",
            "Raccourcissez le commentaire.",
        )


def _under_way() -> Conflict:
    return Conflict(
        "VALIDATION_EN_COURS",
        "Une décision sur cette facture est déjà en route vers Chorus Pro.",
        "Attendez sa réponse : elle s’affiche sur la page des factures à valider.",
    )


def _shown(row: Row, today: date) -> ToValidate:
    status, tacit = str(row.statut or ""), tacit_on(row.dateDepot)
    return ToValidate(
        id_facture=row.idFacture or 0,
        number=row.numeroFacture or "",
        issue_date=row.dateFacture,
        deposit_date=row.dateDepot,
        supplier_siret=row.identifiantFournisseur or "",
        supplier_name=row.designationFournisseur or row.identifiantFournisseur or "",
        recipient_name=row.designationDestinataire or "",
        validator_name=row.designationValideur or "",
        commitment=row.numeroEngagement or "",
        market=row.numeroMarche or "",
        amount_total=None if row.montantTTC is None else Decimal(row.montantTTC),
        currency=row.devise or "EUR",
        status=status,
        rank=AWAITING[status],
        tacit_on=tacit,
        days_left=None if tacit is None else (tacit - today).days,
    )
