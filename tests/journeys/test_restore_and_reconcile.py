"""Backup, more work, a dead machine, a restore: Chorus Pro tells the rest, and nothing leaves twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chorus_simulator.pytest_plugin import RunningSimulator
from raccord.domain.deposit import DepositState, NewDeposit
from raccord.domain.errors import Conflict
from raccord.domain.reception import NewStatus, ReceptionState
from raccord.domain.secrets import Secret
from raccord.engine.backups import Backups
from raccord.engine.gateway import Gateway
from raccord.engine.reconciliation.difference import Finding
from raccord.formats.sample import write_sample
from raccord.settings import load_settings
from raccord.store.database import open_store
from raccord.store.deposits import DepositQuery
from raccord.wiring import build_gateway

pytestmark = pytest.mark.journey

FIRM, TOWN = "45251785100010", "21970999400017"
DEPOSITS, RECEPTIONS = 12, 8
FORMS = ("cii", "ubl", "facturx", "json")
PHRASE = Secret("cinq mots sans aucun rapport")


@pytest.fixture
def another(tmp_path: Path, voyage: Any) -> Iterator[Callable[[str], Gateway]]:
    """Opens a new machine on an empty database; its hour is that of the journey."""
    opened: list[Gateway] = []

    def at(url: str) -> Gateway:
        environ = {"RACCORD_DATA_DIR": str(tmp_path / "apres"), "RACCORD_GROUP_DELAY_S": "0",
                   "RACCORD_RATE_PER_SECOND": "1000", "RACCORD_ACCOUNT_RATE_PER_SECOND": "1000",
                   "RACCORD_SCHEMATRON_WORKERS": "0"}  # fmt: skip
        settings = load_settings(environ | ({"RACCORD_DATABASE_URL": url} if url else {}), env_file=None)
        store = open_store(url) if url else None
        opened.append(build_gateway(settings, store=store, durable=False, sleep=lambda _: None, clock=voyage.now))
        return opened[-1]

    yield at
    for gateway in opened:
        gateway.close()


def _backups(gateway: Gateway) -> Backups:
    return Backups(gateway.store, gateway.archive, gateway.vault, gateway.clock)


def _everything(gateway: Gateway) -> dict[str, Any]:
    """The deposits by number."""
    found, after = {}, ""
    while True:
        page = gateway.outbox.search(DepositQuery(), after, 200)
        for one in page.items:
            assert one.number not in found, "twice"
            found[one.number] = one
        if not (after := page.next):
            return found


def _sent(simulator: RunningSimulator) -> Counter[str]:
    return Counter(number for one in simulator.control.ledger()["deposits"] for number in one["numbers"])


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_after_a_restore_every_invoice_stands_where_chorus_pro_says(
    voyage: Any, another: Callable[[str], Gateway], chorus_simulator: RunningSimulator, tmp_path: Path,
    request: pytest.FixtureRequest, database: str,
) -> None:  # fmt: skip
    url = str(request.getfixturevalue("postgres_url")) if database == "postgresql" else ""
    before, control = voyage.gateway, chorus_simulator.control
    firm, town = voyage.connect(FIRM), voyage.connect(TOWN)
    body = next(one for one in before.connections.structures(town) if one.siret == TOWN)
    before.inbox.begin(body.id, datetime(2020, 1, 1, tzinfo=UTC), "cli")
    old = voyage.send(firm, voyage.invoice("AVANT-1"))
    early = control.invoices(TOWN, 2)
    voyage.passes(minutes=10)
    before.outbox.pause(firm, "cli")
    waiting = voyage.deposit(firm, voyage.invoice("ATTEND-1"))
    never = voyage.deposit(firm, voyage.invoice("JAMAIS-1"))
    first = next(one for _, one in before.inbox.since(0) if one.id_facture == early[0])
    asked = before.statuses.post(NewStatus(first.id, "SERVICE_FAIT", author="alice"))
    assert asked.state.value == "waiting"
    file = tmp_path / "maison.tar.gz"
    _backups(before).write(file, "cli", PHRASE)

    # the life that the backup does not know
    before.outbox.cancel(never.id, "cli")
    before.outbox.resume(firm, "cli")
    given: dict[str, bytes] = {}
    for rank in range(DEPOSITS):
        form, invoice = FORMS[rank % len(FORMS)], voyage.invoice(f"APRES-{rank}")
        if form in ("cii", "ubl", "facturx"):
            given[invoice.number] = write_sample(invoice, form)
        voyage.deposit(firm, invoice, form)
    voyage.passes(seconds=30)
    ids = {one.number: one.id_facture for one in _everything(before).values()}
    assert all(ids[f"APRES-{rank}"] for rank in range(DEPOSITS))
    for number, status in (("APRES-0", "SERVICE_FAIT"), ("APRES-1", "SUSPENDUE"), ("APRES-2", "REJETEE"),
                           ("AVANT-1", "MANDATEE"), ("ATTEND-1", "MISE_EN_PAIEMENT")):  # fmt: skip
        control.status(ids[number], status, "Pièce manquante")
    late = control.invoices(TOWN, RECEPTIONS)
    voyage.passes(minutes=10)
    control.status(early[1], "MANDATEE")
    before.close()

    # another machine, the backup of the day before
    after = another(url)
    voyage.gateway = after
    _backups(after).read(file, "cli", PHRASE)
    sent = _sent(chorus_simulator)
    assert after.reconciliation.pending(firm) is not None
    with pytest.raises(Conflict, match="restauré"):
        after.outbox.resume(firm, "cli")
    shown = after.reconciliation.compare(firm)
    assert shown.counts[Finding.RECOVERED] == DEPOSITS
    assert shown.counts[Finding.ADOPTED] == 1
    assert shown.counts[Finding.STATUS] == 1
    assert shown.waiting == 1
    assert set(_everything(after)) == {"AVANT-1", "ATTEND-1", "JAMAIS-1"}, "looking changes nothing"
    assert after.outbox.get(waiting.id).state is DepositState.READY

    for connection in (firm, town):
        assert after.reconciliation.apply(connection, "cli").applied
        assert after.reconciliation.pending(connection) is None
    voyage.passes(turns=12, minutes=10)
    theirs = {number: control.facture(key)["statut"] for number, key in ids.items() if key}
    ours = _everything(after)
    assert {number: one.platform_status for number, one in ours.items() if number != "JAMAIS-1"} == theirs
    assert {one.state for number, one in ours.items() if number != "JAMAIS-1"} == {DepositState.INTEGRATED}
    assert ours["APRES-0"].id_facture == ids["APRES-0"]
    assert after.outbox.get(old.id).platform_status == "MANDATEE"
    for number, data in given.items():
        assert after.outbox.original(ours[number].id) == data
        assert after.outbox.accept(NewDeposit(firm, data, f"{number}.xml")).replayed, number
    received = {one.id_facture: one for _, one in after.inbox.since(0, limit=1000)}
    at_town = {key: control.facture(key)["statut"] for key in received}
    assert {key: one.platform_status for key, one in received.items()} == at_town
    assert set(received) >= {*early, *late, *(key for key in ids.values() if key)}
    assert after.inbox.count()[ReceptionState.SEEN] == 0
    assert [one.state.value for one in after.statuses.posts(first.id)] == ["done"]
    posted = [one for one in control.ledger()["changes"] if "traiter/recue" in one["operation"]]
    assert [one["idFacture"] for one in posted] == [early[0]]

    assert after.reconciliation.compare(firm).total == 0
    assert after.reconciliation.compare(town).total == 0
    assert _sent(chorus_simulator) == sent, "nothing has left while sending was paused"
    after.outbox.resume(firm, "cli")
    voyage.passes(seconds=30)
    assert _sent(chorus_simulator) == sent + Counter(["JAMAIS-1"]), "what Chorus Pro did not hold leaves, once"
    assert {one.state for one in _everything(after).values()} == {DepositState.INTEGRATED}
    assert after.journal.verify().intact
