"""The list of connections: created, edited, removed."""

from typing import Any

import sqlalchemy as sa

from choruspro import PRODUCTION, SANDBOX, Environment
from raccord.domain.connection import Addresses, Connection, EnvironmentName
from raccord.domain.errors import Conflict, Invalid
from raccord.domain.requests import ConnectionChange, NewConnection
from raccord.engine.connections.room import Room
from raccord.store import connections as table
from raccord.store import retiring

_SECRETS = ("client_secret", "password", "candidate")


def addresses_at(base_url: str) -> Addresses:
    """The addresses of a Chorus Pro that serves everything at one place, such as the simulator."""
    return _addresses(Environment.at(base_url))


def addresses_of(environment: EnvironmentName) -> Addresses | None:
    """The official addresses of an environment, None where a person must give them."""
    known = {EnvironmentName.PRODUCTION: PRODUCTION, EnvironmentName.QUALIFICATION: SANDBOX}
    return _addresses(known[environment]) if environment in known else None


class Registry(Room):
    """Which connections there are."""

    def find(self, label_or_id: str) -> Connection:
        """A connection by its name or its identifier. Raises `NotFound` CONNEXION_INCONNUE."""
        for one in self.all():
            if label_or_id in (one.id, one.label):
                return one
        return self.get(label_or_id)

    def all(self) -> list[Connection]:
        """Every connection, by label."""
        with self._store.read() as conn:
            return list(table.all_connections(conn))

    def create(self, new: NewConnection, actor: str) -> Connection:
        """Create a connection. Raises `Conflict` CONNEXION_NOM_PRIS, `Invalid` CONNEXION_SANS_ADRESSE."""
        connection = Connection(
            id=self._new_id(),
            label=_label(new.label),
            environment=new.environment,
            addresses=_checked(new.addresses or addresses_of(new.environment)),
            model=new.model,
            client_id=new.client_id.strip(),
            network=new.network,
        )
        with self._store.begin() as conn:
            self._refuse_taken(conn, connection.label, connection.id)
            table.insert(conn, connection, self._clock())
            if new.client_secret:
                self._vault.seal(conn, f"connection/{connection.id}/client_secret", new.client_secret)
            self._note(conn, connection.id, "connection.created", actor, label=connection.label)
        return connection

    def edit(self, connection_id: str, change: ConnectionChange, actor: str) -> Connection:
        """Change what is given; a new environment brings its official addresses. Raises `Conflict`, `Invalid`."""
        columns = _columns(change)
        with self._store.begin() as conn:
            table.get(conn, connection_id)
            if change.label is not None:
                self._refuse_taken(conn, columns["label"], connection_id)
            table.update(conn, connection_id, now=self._clock(), **columns)
            if change.client_secret:
                self._vault.seal(conn, f"connection/{connection_id}/client_secret", change.client_secret)
            changed = sorted([*columns, *(["client_secret"] if change.client_secret else [])])
            self._note(conn, connection_id, "connection.edited", actor, changed=changed)
            return table.get(conn, connection_id)

    def delete(self, connection_id: str, actor: str) -> None:
        """Remove a connection that carried nothing. Raises `Conflict` CONNEXION_UTILISEE: disable it instead."""
        with self._store.begin() as conn:
            table.get(conn, connection_id)
            if retiring.is_used(conn, connection_id):
                raise Conflict(
                    "CONNEXION_UTILISEE",
                    "Des factures sont passées par cette connexion : leur histoire doit rester.",
                    "Désactivez-la au lieu de la supprimer.",
                )
            for name in _SECRETS:
                self._vault.forget(conn, f"connection/{connection_id}/{name}")
            retiring.remove(conn, connection_id)
            self._note(conn, connection_id, "connection.deleted", actor)

    def _refuse_taken(self, conn: sa.Connection, label: str, connection_id: str) -> None:
        if any(one.label == label and one.id != connection_id for one in table.all_connections(conn)):
            raise Conflict(
                "CONNEXION_NOM_PRIS", f"Une connexion s’appelle déjà « {label} ».", "Choisissez un autre nom."
            )


def _addresses(environment: Environment) -> Addresses:
    return Addresses(environment.token_url, environment.api_url, environment.portal_url)


def _label(text: str) -> str:
    label = text.strip()[:120]
    if not label:
        raise Invalid("CONNEXION_SANS_NOM", "La connexion n’a pas de nom.", "Nommez-la, par exemple « Chorus Pro ».")
    return label


def _checked(addresses: Addresses | None) -> Addresses:
    if addresses is None or not (_is_web(addresses.token_url) and _is_web(addresses.api_url)):
        raise Invalid(
            "CONNEXION_SANS_ADRESSE",
            "Cet environnement n’a pas d’adresse officielle : indiquez celles du jeton et de l’API.",
            "Une adresse commence par http:// ou https://.",
        )
    return addresses


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _columns(change: ConnectionChange) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    addresses = change.addresses or (addresses_of(change.environment) if change.environment else None)
    if addresses or change.environment:
        checked = _checked(addresses)
        columns |= {"token_url": checked.token_url, "api_url": checked.api_url, "portal_url": checked.portal_url}
    if change.label is not None:
        columns["label"] = _label(change.label)
    if change.client_id is not None:
        columns["client_id"] = change.client_id.strip()
    if change.environment is not None:
        columns["environment"] = change.environment.value
    if change.model is not None:
        columns["model"] = change.model.value
    if change.network is not None:
        columns["network"] = table.network_as_json(change.network)
    if change.enabled is not None:
        columns["enabled"] = change.enabled
    return columns
