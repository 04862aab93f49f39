"""The desk of the finance officer: who sees to a reception, and what colleagues say of it. Chorus Pro never knows."""

from collections.abc import Mapping, Sequence

from raccord.domain.errors import Invalid
from raccord.domain.processing import Assignment, Remark
from raccord.engine.foundation.ground import Ground
from raccord.store import journal, processing, receptions

REMARK_MAX = 2000
"""Characters."""


class Desk:
    """Shares the work and keeps the remarks."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def assign(self, reception_ids: Sequence[str], assignee: str, service: str, actor: str) -> None:
        """Give these receptions to a person (e-mail), a service, both, or nobody; all or none.

        Raises `NotFound` (`RECEPTION_INCONNUE`), `Invalid` (`ATTRIBUTION_TROP_LONGUE`).
        """
        ground, to = self._ground, Assignment(assignee.strip(), service.strip(), actor, self._ground.clock())
        if len(to.assignee) > 120 or len(to.service) > 100:
            raise Invalid("ATTRIBUTION_TROP_LONGUE", "Ce nom est trop long.", "100 caractères au plus.")
        with ground.store.begin() as conn:
            for reception_id in reception_ids:
                receptions.get(conn, reception_id)
                processing.assign(conn, reception_id, to)
                facts = {"assignee": to.assignee, "service": to.service}
                journal.append(conn, ground.event(f"reception/{reception_id}", "reception.assigned", actor, **facts))

    def assigned(self, reception_ids: Sequence[str]) -> Mapping[str, Assignment]:
        """Who sees to each of these; those that nobody sees to are absent."""
        with self._ground.store.read() as conn:
            return processing.assigned(conn, reception_ids)

    def remark(self, reception_id: str, text: str, actor: str) -> Remark:
        """Say something of a reception. Raises `NotFound`, `Invalid` (`COMMENTAIRE_VIDE`, `COMMENTAIRE_TROP_LONG`)."""
        ground, said = self._ground, Remark(self._ground.new_id(), actor, text.strip(), self._ground.clock())
        if not said.text:
            raise Invalid("COMMENTAIRE_VIDE", "Le commentaire est vide.", "Écrivez-le, puis recommencez.")
        if len(said.text) > REMARK_MAX:
            sentence = f"Le commentaire compte {len(said.text)} caractères : {REMARK_MAX} au plus."
            raise Invalid("COMMENTAIRE_TROP_LONG", sentence, "Raccourcissez-le.")
        with ground.store.begin() as conn:
            receptions.get(conn, reception_id)
            processing.remark(conn, reception_id, said)
            journal.append(conn, ground.event(f"reception/{reception_id}", "reception.remarked", actor))
        return said

    def remarks(self, reception_id: str) -> tuple[Remark, ...]:
        """What was said of a reception, oldest first."""
        with self._ground.store.read() as conn:
            return processing.remarks_of(conn, reception_id)

    def services(self, structure_id: str = "") -> tuple[tuple[str, str], ...]:
        """The services of Chorus Pro that received invoices name: code and name."""
        with self._ground.store.read() as conn:
            return receptions.services(conn, structure_id)
