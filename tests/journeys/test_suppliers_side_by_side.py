"""Two suppliers by one connection, a third by another: what stops one stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chorus_simulator.seeds import SUBCONTRACTOR, TOWN
from raccord.domain.connection import EnvironmentName
from raccord.domain.deposit import DepositState, NewDeposit
from raccord.domain.identifiers import Siret
from raccord.domain.requests import NewConnection
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.formats.sample import make_invoice, write_sample
from raccord.settings import load_settings
from raccord.store.deposits import DepositQuery
from raccord.wiring import build_gateway

GROUP, AGENCY = "73282932000074", "12345678200077"
"""Two suppliers of one group, that one technical account serves."""


@dataclass
class House:
    """An accountancy that sends for three suppliers, at one hour with the platform."""

    simulator: Any
    ahead: timedelta = timedelta()
    gateway: Gateway = field(init=False)

    def now(self) -> datetime:
        """The hour of the journey."""
        return datetime.now(UTC) + self.ahead

    def passes(self, turns: int = 8, **span: float) -> None:
        """Let time pass, the jobs running."""
        step = timedelta(**span)
        for _ in range(turns):
            self.gateway.jobs.run_due()
            self.ahead += step
            self.simulator.control.clock(advance=step.total_seconds())

    def connect(self, siret: str) -> str:
        """A connection with the account of that supplier."""
        application, account = self.simulator.application(), self.simulator.account(siret)
        new = NewConnection(
            siret, EnvironmentName.SIMULATOR, addresses=addresses_at(self.simulator.base_url),
            client_id=application["client_id"], client_secret=Secret(application["client_secret"]),
        )  # fmt: skip
        made = self.gateway.connections.create(new, "cli").id
        password = Secret(account["password"])
        assert self.gateway.connections.enter_candidate(made, account["login"], password, "cli").promoted
        self.gateway.connections.discover_structures(made, "cli")
        return made

    def deposit(self, connection_id: str, number: str, supplier: str) -> str:
        """Deposit an invoice of that supplier; its id."""
        invoice = make_invoice(
            5, number=number, supplier=Siret.parse(supplier), recipient=Siret.parse(TOWN), service="SERV-TECH",
            issue_date=self.now().date(),
        )  # fmt: skip
        new = NewDeposit(connection_id, write_sample(invoice, "cii"), f"{number}.xml")
        accepted = self.gateway.outbox.accept(new).deposit
        assert accepted.state is DepositState.READY, [fault.sentence for fault in accepted.faults if fault.is_error]
        return accepted.id

    def states(self, *deposits: str) -> list[str]:
        """Where these deposits stand."""
        return [self.gateway.outbox.get(one).state.value for one in deposits]

    def statuses(self, *deposits: str) -> list[str]:
        """What Chorus Pro says of them, as far as we know."""
        return [self.gateway.outbox.get(one).platform_status for one in deposits]


@pytest.fixture
def house(chorus_simulator: Any, tmp_path: Path) -> Iterator[House]:
    """The accountancy, before any connection."""
    environ = {
        "RACCORD_DATA_DIR": str(tmp_path), "RACCORD_GROUP_DELAY_S": "0", "RACCORD_RATE_PER_SECOND": "1000",
        "RACCORD_ACCOUNT_RATE_PER_SECOND": "1000", "RACCORD_SCHEMATRON_WORKERS": "0",
    }  # fmt: skip
    made = House(chorus_simulator)
    settings = load_settings(environ, env_file=None)
    made.gateway = build_gateway(settings, durable=False, sleep=lambda _: None, clock=made.now)
    chorus_simulator.control.clock(set=made.now().isoformat())
    chorus_simulator.control.reset()
    yield made
    made.gateway.close()


def test_two_suppliers_by_one_connection_leave_together_and_are_followed_apart(house: House) -> None:
    group = house.connect(GROUP)
    served = {one.siret for one in house.gateway.connections.structures(group) if one.is_supplier}
    assert {GROUP, AGENCY} <= served
    first, second = house.deposit(group, "DUO-1", GROUP), house.deposit(group, "DUO-1", AGENCY)  # one number, two firms
    house.passes(seconds=10)
    assert house.states(first, second) == ["integrated", "integrated"]
    assert len({house.gateway.outbox.get(one).numero_flux for one in (first, second)}) == 1, "one call for both"
    house.simulator.control.status(house.gateway.outbox.get(second).id_facture, "SUSPENDUE", motif="Bon absent")
    house.passes(turns=6, hours=1)
    assert house.statuses(first, second) == ["MISE_A_DISPOSITION", "SUSPENDUE"]
    assert _numbers(house, supplier_siret=AGENCY, platform_status="SUSPENDUE") == ["DUO-1"]


def test_two_connections_at_once_each_with_its_suppliers(house: House) -> None:
    group, other = house.connect(GROUP), house.connect(SUBCONTRACTOR)
    sent = [
        house.deposit(group, "TRIO-1", GROUP), house.deposit(group, "TRIO-2", AGENCY),
        house.deposit(other, "TRIO-3", SUBCONTRACTOR),
    ]  # fmt: skip
    house.passes(seconds=10)
    assert house.states(*sent) == ["integrated"] * 3
    for deposit, status in zip(sent, ("MANDATEE", "REJETEE", "MISE_EN_PAIEMENT"), strict=True):
        number = house.gateway.outbox.get(deposit).id_facture
        house.simulator.control.status(number, status, motif="Montant erroné" if status == "REJETEE" else "")
    house.passes(turns=6, hours=1)
    assert house.statuses(*sent) == ["MANDATEE", "REJETEE", "MISE_EN_PAIEMENT"]
    assert _numbers(house, connection_id=group) == ["TRIO-1", "TRIO-2"]
    assert _numbers(house, connection_id=other) == ["TRIO-3"]


def test_one_held_back_or_refused_stops_none_of_the_others(house: House) -> None:
    group, other = house.connect(GROUP), house.connect(SUBCONTRACTOR)
    house.gateway.outbox.pause(group, "cli")
    held = [house.deposit(group, "SEUL-1", GROUP), house.deposit(group, "SEUL-2", AGENCY)]
    free = house.deposit(other, "SEUL-3", SUBCONTRACTOR)
    house.passes(seconds=10)
    assert house.states(*held, free) == ["ready", "ready", "integrated"]
    house.gateway.outbox.resume(group, "cli")
    house.simulator.control.expire(house.simulator.account(GROUP)["login"])
    later = house.deposit(other, "SEUL-4", SUBCONTRACTOR)
    house.passes(seconds=10)
    assert house.states(*held, later) == ["ready", "ready", "integrated"], "the refused account waits, the other works"
    account = house.simulator.account(GROUP)
    house.simulator.control.password(account["login"], "Renouvele-2026!")
    again = house.gateway.connections.enter_candidate(group, account["login"], Secret("Renouvele-2026!"), "cli")
    assert again.promoted
    house.passes(seconds=10)
    assert house.states(*held) == ["integrated", "integrated"]
    numbers = [row["numero"] for row in house.simulator.control.factures() if "SEUL" in row["numero"]]
    assert sorted(numbers) == ["SEUL-1", "SEUL-2", "SEUL-3", "SEUL-4"]


def _numbers(house: House, **query: Any) -> list[str]:
    return sorted(one.number for one in house.gateway.outbox.search(DepositQuery(**query)).items)
