"""The table of connections: rows in, `Connection` out. Secrets are elsewhere, in the vault."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.connection import (
    Addresses,
    Connection,
    ConnectionModel,
    EnvironmentName,
    ExpirySource,
    Light,
    Network,
)
from raccord.domain.errors import NotFound
from raccord.store.structures import Cursor
from raccord.store.tables.core import connections

_get = sa.select(connections).where(connections.c.id == sa.bindparam("id"))
_all = sa.select(connections).order_by(connections.c.label)


def insert(conn: sa.Connection, connection: Connection, now: datetime) -> None:
    """Keep a new connection."""
    conn.execute(connections.insert().values(**_as_row(connection), created_at=now, updated_at=now))


def get(conn: sa.Connection, connection_id: str) -> Connection:
    """The connection of that identifier. Raises `NotFound` (`CONNEXION_INCONNUE`)."""
    row = conn.execute(_get, {"id": connection_id}).first()
    if row is None:
        raise NotFound(
            "CONNEXION_INCONNUE",
            "Cette connexion à Chorus Pro n’existe pas dans Raccord.",
            "Choisissez une connexion dans Options > Paramètres > Système > Chorus Pro.",
        )
    return _read(row)


def all_connections(conn: sa.Connection) -> tuple[Connection, ...]:
    """Every connection, by label."""
    return tuple(_read(row) for row in conn.execute(_all))


def update(conn: sa.Connection, connection_id: str, *, now: datetime, **columns: Any) -> None:
    """Change these columns of a connection."""
    conn.execute(connections.update().where(connections.c.id == connection_id).values(**columns, updated_at=now))


def turn_breaker(conn: sa.Connection, connection_id: str, *, opened: bool, now: datetime) -> bool:
    """Open or close the breaker of a connection; False when it stood so already: of two workers, one has done it."""
    standing = connections.c.breaker_open if not opened else ~connections.c.breaker_open
    turned = conn.execute(
        connections.update()
        .where(connections.c.id == connection_id, standing)
        .values(breaker_open=opened, updated_at=now)
    )
    return turned.rowcount == 1


def cursor(conn: sa.Connection, connection_id: str) -> Cursor:
    """Where the delta search of what a connection sent stands."""
    row = conn.execute(sa.select(connections).where(connections.c.id == connection_id)).one()
    return Cursor(row.supplier_cursor, row.supplier_quiet)


def _as_row(connection: Connection) -> dict[str, Any]:
    return {
        "id": connection.id,
        "label": connection.label,
        "environment": connection.environment.value,
        "model": connection.model.value,
        "token_url": connection.addresses.token_url,
        "api_url": connection.addresses.api_url,
        "portal_url": connection.addresses.portal_url,
        "client_id": connection.client_id,
        "login": connection.login,
        "network": network_as_json(connection.network),
        "enabled": connection.enabled,
        "light": connection.light.value,
        "light_since": connection.light_since,
        "cause": connection.cause,
        "expires_at": connection.expires_at,
        "expiry_source": connection.expiry_source.value,
        "last_success_at": connection.last_success_at,
        "credentials_changed_at": connection.credentials_changed_at,
        "breaker_open": connection.breaker_open,
        "paused": connection.paused,
    }


def network_as_json(network: Network) -> dict[str, Any]:
    """The plain JSON kept in the column `network`."""
    return {"proxy_url": network.proxy_url, "ca_file": network.ca_file}


def _network(kept: Mapping[str, str]) -> Network:
    """Rows of the first versions also hold delays, which nobody could choose: the settings say them."""
    return Network(kept.get("proxy_url", ""), kept.get("ca_file", ""))


def _read(row: sa.Row[Any]) -> Connection:
    return Connection(
        id=row.id,
        label=row.label,
        environment=EnvironmentName(row.environment),
        addresses=Addresses(row.token_url, row.api_url, row.portal_url),
        model=ConnectionModel(row.model),
        client_id=row.client_id,
        login=row.login,
        network=_network(row.network),
        enabled=row.enabled,
        light=Light(row.light),
        light_since=row.light_since,
        cause=row.cause,
        expires_at=row.expires_at,
        expiry_source=ExpirySource(row.expiry_source),
        last_success_at=row.last_success_at,
        credentials_changed_at=row.credentials_changed_at,
        breaker_open=row.breaker_open,
        paused=row.paused,
    )
