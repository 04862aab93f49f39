"""A webhook created by a limited key tells that key's structures alone; its consumers have places of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from raccord.domain.errors import NotFound
from raccord.domain.reach import Reach
from raccord.engine.foundation.names import WEBHOOK
from raccord.engine.gateway import Gateway
from raccord.engine.webhooks import NewWebhook
from raccord.store import receptions
from raccord.store.tables.core import connections, structures
from raccord.store.tables.core import receptions as table
from raccord.store.tables.types import Instant

TOWN, HAMLET = "21970999400017", "26970888200019"


def blank(rows: Any, **given: Any) -> dict[str, Any]:
    """A row with something harmless in every column that must hold something."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    columns = [one for one in rows.columns if one.server_default is None]
    made = {
        one.name: None if one.nullable else now if isinstance(one.type, Instant)
        else {} if one.type.python_type is dict else one.type.python_type()
        for one in columns
    }  # fmt: skip
    return made | given


def receive(gateway: Gateway, name: str, place: str, id_facture: int) -> None:
    """A public body received an invoice: its row, its bytes, its first event."""
    with gateway.store.begin() as conn:
        row = blank(table, id=name, connection_id="c1", structure_id=place, state="seen", family="FACTURE",
                    id_facture=id_facture, number=f"R-{name}")  # fmt: skip
        receptions.insert(conn, row)
        receptions.store(conn, name, [], now=gateway.clock())
    gateway.journal.note(f"reception/{name}", "reception.stored", "essai")


@pytest.fixture
def bodies(home: Gateway) -> Gateway:
    """Two public bodies under one connection."""
    with home.store.begin() as conn:
        conn.execute(connections.insert().values(blank(connections, id="c1", label="Partagée", network={})))
        for name, siret in (("town", TOWN), ("hamlet", HAMLET)):
            row = blank(structures, id=name, connection_id="c1", siret=siret, label=name)
            conn.execute(structures.insert().values(row))
    return home


def test_a_webhook_tells_what_its_creator_may_see(bodies: Gateway, receiver: Any) -> None:
    """Of two receptions one is told; the journal is passed over all the same, so that nothing keeps knocking."""
    small = bodies.within(Reach.of([TOWN]))
    made = small.webhooks.create(NewWebhook("Corail", receiver.url, ("reception",)), "key/corail").webhook
    for number, (name, place) in enumerate((("a", "hamlet"), ("b", "town"), ("c", "hamlet"))):
        receive(bodies, name, place, number + 1)
    for _ in range(3):
        with bodies.store.begin() as conn:
            bodies.jobs.schedule(conn, WEBHOOK, made.id, {"webhook_id": made.id})
        bodies.jobs.run_due()
    assert [one["subject"] for one in receiver.events()] == ["reception/b"]
    last = bodies.journal.latest(1)[0].seq
    assert bodies.webhooks.get(made.id).cursor == last
    assert small.webhooks.get(made.id).reach == Reach.of([TOWN])


def test_a_webhook_of_the_house_is_hidden_from_limited_programs(bodies: Gateway, receiver: Any) -> None:
    """Neither the webhook of all, nor that of another reach."""
    whole = bodies.webhooks.create(NewWebhook("Tout", receiver.url, ("reception",)), "user/chef").webhook
    other = bodies.within(Reach.of([HAMLET])).webhooks.create(NewWebhook("Hameau", receiver.url, ("reception",)), "k")
    small = bodies.within(Reach.of([TOWN])).webhooks
    assert small.all() == ()
    for hidden in (whole.id, other.webhook.id):
        with pytest.raises(NotFound):
            small.get(hidden)
        with pytest.raises(NotFound):
            small.delete(hidden, "k")
    assert {one.label for one in bodies.webhooks.all()} == {"Tout", "Hameau"}


def test_two_limited_programs_of_the_same_name_lose_nothing(bodies: Gateway) -> None:
    """Both call themselves « compta »: what one takes does not move the place of the other."""
    for number, (name, place) in enumerate((("a", "hamlet"), ("b", "town"), ("c", "hamlet"))):
        receive(bodies, name, place, number + 1)
    town, hamlet = (bodies.within(Reach.of([siret])).handovers for siret in (TOWN, HAMLET))
    first = hamlet.take("compta")
    assert [one.id for _, one in first.receptions] == ["a", "c"]
    hamlet.acknowledge("compta", first.after, first.through, "k", token="1")
    second = town.take("compta")
    assert [one.id for _, one in second.receptions] == ["b"]
    town.acknowledge("compta", second.after, second.through, "k", token="1")
    assert town.take("compta").receptions == hamlet.take("compta").receptions == ()
    assert [one.name for one in town.all()] == ["compta"]
    assert [one.id for _, one in bodies.handovers.take("compta").receptions] == ["a", "b", "c"]
