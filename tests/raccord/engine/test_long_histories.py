"""An invoice that went to and fro has a long history: all of it is shown, not the last page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from raccord.domain.connection import Structure

if TYPE_CHECKING:
    from raccord.engine.gateway import Gateway

TOWN = "21970999400017"


def test_each_passage_is_told(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> None:
    (invoice,) = bench.control("POST", "/factures", destinataire=TOWN, count=1)["ids"]
    for _ in range(10):
        bench.control("POST", f"/factures/{invoice}/statut", statut="SUSPENDUE", motif="Pièce manquante")
        bench.control("POST", f"/factures/{invoice}/statut", statut="COMPLETEE")
    gateway.inbox.begin("s1", diary() - timedelta(days=1), "bob@val-fictif.fr")
    gateway.jobs.run_due()
    ((_, reception),) = gateway.inbox.since(0)
    codes = [passage.code for passage in gateway.statuses.history(reception.id)][::-1]
    assert codes == ["DEPOSEE", "MISE_A_DISPOSITION", *["SUSPENDUE", "COMPLETEE"] * 10]
