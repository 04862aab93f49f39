"""The suppliers of a connection as the checks ask them: those that Chorus Pro named, and those it names now."""

from raccord.domain.errors import RaccordError
from raccord.domain.identifiers import Siret
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.talk import live
from raccord.store import connections, structures


class ReachedSuppliers:
    """Answers `raccord.checks.facts.KnownSuppliers` for the deposits of one connection."""

    def __init__(self, ground: Ground, connection_id: str) -> None:
        self._ground, self._connection_id = ground, connection_id

    def reaches(self, siret: Siret) -> bool | None:
        """Whether the account reaches this supplier; None when its structures were never asked, or cannot be now."""
        with self._ground.store.read() as conn:
            known = structures.suppliers_of(conn, self._connection_id)
            if not known:
                return None
            if str(siret) in known:
                return True
            connection = connections.get(conn, self._connection_id)
        try:
            with live(self._ground, connection) as chorus:
                found = chorus.transverses.recuperer_structures_actives_fournisseur().listeStructures
        except RaccordError:
            return None
        return any(one.identifiant == str(siret) for one in found)
