"""Which structures a connection serves: asked of Chorus Pro, kept with their roles."""

from datetime import datetime

import sqlalchemy as sa

from raccord.domain.connection import Structure
from raccord.engine.connections.room import Room
from raccord.store import structures


class Discovery(Room):
    """The suppliers and public bodies behind a technical account."""

    def structures(self, connection_id: str) -> list[Structure]:
        """The suppliers and public bodies that the connection serves."""
        with self._store.read() as conn:
            return list(structures.of_connection(conn, connection_id))

    def discover_structures(self, connection_id: str, actor: str) -> list[Structure]:
        """Ask Chorus Pro which active structures the account reaches, and keep those that are new."""
        connection = self.get(connection_id)
        with self._way.open(connection) as client:
            issued = client.transverses.recuperer_structures_actives_fournisseur().listeStructures
            received = client.transverses.recuperer_structures_actives_destinataire().listeStructures
        suppliers, recipients = {one.identifiant for one in issued}, {one.identifiant for one in received}
        found = {one.identifiant: one for one in (*issued, *received) if one.identifiant}
        with self._store.begin() as conn:
            for siret, one in found.items():
                fresh = Structure(
                    id=self._new_id(),
                    connection_id=connection_id,
                    siret=siret,
                    label=one.designationStructure or siret,
                    id_structure_cpp=one.idStructureCPP,
                    is_supplier=siret in suppliers,
                    is_recipient=siret in recipients,
                )
                _merge(conn, fresh, self._clock())
            self._note(conn, connection_id, "connection.structures_discovered", actor, count=len(found))
        return self.structures(connection_id)


def _merge(conn: sa.Connection, fresh: Structure, now: datetime) -> None:
    """Roles and names follow Chorus Pro; what people chose here (the date to receive from) stays."""
    known = structures.by_siret(conn, fresh.connection_id, fresh.siret)
    if known is None:
        structures.insert(conn, fresh, now)
        return
    structures.update(
        conn,
        known.id,
        label=fresh.label,
        id_structure_cpp=fresh.id_structure_cpp,
        is_supplier=fresh.is_supplier,
        is_recipient=fresh.is_recipient,
    )
