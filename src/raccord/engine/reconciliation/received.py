"""The invoices that public bodies received, as Chorus Pro tells them now, compared with those of Raccord."""

from collections.abc import Sequence
from datetime import datetime

from choruspro import ChorusPro
from choruspro.models.factures_recues import FactureRechercheRecipiendaire as Row
from raccord.domain.connection import Structure
from raccord.domain.processing import Intake
from raccord.domain.reception import Family
from raccord.engine.foundation.ground import Ground
from raccord.engine.receptions.rows import wanted
from raccord.engine.reconciliation.difference import Finding
from raccord.engine.reconciliation.findings import Findings
from raccord.store import processing, receptions


class Received:
    """Compares what one public body received."""

    def __init__(self, ground: Ground, chorus: ChorusPro, found: Findings) -> None:
        self._ground, self._chorus, self._found = ground, chorus, found

    def look(self, structure: Structure, since: datetime) -> None:
        """Ask for both families what changed status since then."""
        if structure.receive_from is None:
            return
        with self._ground.store.read() as conn:
            intake = processing.intake(conn, structure.id)
        for family in Family:
            for page in self._chorus.factures.rechercher_recipiendaire.iter_pages(
                typeDemandePaiement=family.value,
                idDestinataire=structure.id_structure_cpp,
                periodeDateHeureEtatCourantDu=max(since, structure.receive_from),
            ):
                self._compare(structure, page.listeFactures, intake)

    def _compare(self, structure: Structure, rows: Sequence[Row], intake: Intake | None) -> None:
        told = {row.idFacture: row for row in rows if row.idFacture}
        with self._ground.store.read() as conn:
            known = receptions.known(conn, structure.connection_id, told)
        for id_facture, row in told.items():
            old = known.get(id_facture)
            if old is None and wanted(intake, row):
                self._found.received(Finding.RECEIVED, row, structure, None)
            elif old is not None and old.platform_status != str(row.statut or ""):
                self._found.received(Finding.RECEIVED_STATUS, row, structure, old)
