"""An invoice that went to and fro has a long history: all of it is shown, not the last page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from raccord.domain.connection import Structure
from raccord.store import structures

if TYPE_CHECKING:
    from raccord.engine.gateway import Gateway

TOWN = "21970999400017"


def test_each_passage_is_told(gateway: Gateway, bench: Any, connect: Callable[..., Any], diary: Any) -> None:
    connect(gateway, bench.base_url, bench.application(), bench.account(TOWN))
    known = next(s for s in bench.ready["structures"] if s["siret"] == TOWN)
    structure = Structure(
        id="s1", connection_id="c1", siret=TOWN, label=known["designation"],
        id_structure_cpp=known["idStructureCPP"], is_recipient=True,
    )  # fmt: skip
    with gateway.store.begin() as conn:
        structures.insert(conn, structure, gateway.clock())
    (invoice,) = bench.control("POST", "/factures", destinataire=TOWN, count=1)["ids"]
    for _ in range(10):
        bench.control("POST", f"/factures/{invoice}/statut", statut="SUSPENDUE", motif="Pièce manquante")
        bench.control("POST", f"/factures/{invoice}/statut", statut="COMPLETEE")
    gateway.inbox.begin("s1", diary() - timedelta(days=1), "bob@val-fictif.fr")
    gateway.jobs.run_due()
    ((_, reception),) = gateway.inbox.since(0)
    codes = [passage.code for passage in gateway.statuses.history(reception.id)][::-1]
    assert codes == ["DEPOSEE", "MISE_A_DISPOSITION", *["SUSPENDUE", "COMPLETEE"] * 10]
