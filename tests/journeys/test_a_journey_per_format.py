"""A journey for each format and each kind: accepted, integrated, followed to its payment, by the road it was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chorus_simulator.seeds import FIRM, SUBCONTRACTOR, TOWN
from raccord.domain.connection import EnvironmentName
from raccord.domain.deposit import Deposit, DepositState, NewDeposit, Road
from raccord.domain.identifiers import Siret
from raccord.domain.invoice import Address, Attachment, Identifier, Invoice, Party, PrecedingInvoice
from raccord.domain.requests import NewConnection
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.formats import invoice_json
from raccord.formats.sample import make_invoice, write_sample
from raccord.formats.summary import vat_number
from raccord.settings import load_settings
from raccord.wiring import build_gateway

FORMATS = ("cii", "ubl", "facturx", "json", "fields")
NOTE = Attachment(reference="BL-1", description="Bon de livraison", filename="bon.pdf", mime="application/pdf",
                  content=b"%PDF-1.4 bon de livraison")  # fmt: skip


@dataclass
class Voyage:
    """A gateway whose jobs run when the test says so, beside a simulator; both live at the same hour."""

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
        made = self.gateway.connections.create(new, "cli")
        entered = self.gateway.connections.enter_candidate(
            made.id, account["login"], Secret(account["password"]), "cli"
        )
        assert entered.promoted, entered.verdict.suspicions
        self.gateway.connections.discover_structures(made.id, "cli")
        return made.id

    def send(self, connection_id: str, invoice: Invoice, form: str) -> Deposit:
        """Deposit an invoice in that form, and wait for Chorus Pro's word."""
        if form in ("json", "fields"):
            road = Road.FIELDS if form == "fields" else Road.FACTURX
            new = NewDeposit(connection_id, invoice_json.write(invoice), f"{invoice.number}.json", road=road)
        else:
            extension = "pdf" if form == "facturx" else "xml"
            new = NewDeposit(connection_id, write_sample(invoice, form), f"{invoice.number}.{extension}")
        accepted = self.gateway.outbox.accept(new).deposit
        assert accepted.state is DepositState.READY, [fault.sentence for fault in accepted.faults if fault.is_error]
        self.passes(seconds=10)
        return self.gateway.outbox.get(accepted.id)

    def status(self, deposit: Deposit) -> str:
        """The status that Raccord knows now."""
        return self.gateway.outbox.get(deposit.id).platform_status


@pytest.fixture
def voyage(chorus_simulator: Any, tmp_path: Path) -> Iterator[Voyage]:
    """A gateway at the hour of this machine, and a peopled simulator."""
    environ = {
        "RACCORD_DATA_DIR": str(tmp_path), "RACCORD_GROUP_DELAY_S": "0", "RACCORD_RATE_PER_SECOND": "1000",
        "RACCORD_ACCOUNT_RATE_PER_SECOND": "1000", "RACCORD_SCHEMATRON_WORKERS": "0",
    }  # fmt: skip
    made = Voyage(chorus_simulator)
    made.gateway = build_gateway(
        load_settings(environ, env_file=None), durable=False, sleep=lambda _: None, clock=made.now
    )
    chorus_simulator.control.clock(set=made.now().isoformat())
    chorus_simulator.control.reset()
    yield made
    made.gateway.close()


def _invoice(voyage: Voyage, number: str, supplier: str = FIRM, **more: Any) -> Invoice:
    return make_invoice(
        5, number=number, supplier=Siret.parse(supplier), recipient=Siret.parse(TOWN), service="SERV-TECH",
        issue_date=voyage.now().date(), **more,
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_an_invoice_with_its_annex_reaches_its_payment(voyage: Voyage, form: str) -> None:
    deposit = voyage.send(voyage.connect(FIRM), _invoice(voyage, "F-1", attachments=(NOTE,)), form)
    assert deposit.state is DepositState.INTEGRATED, deposit.faults
    for status in ("SERVICE_FAIT", "MANDATEE", "MISE_EN_PAIEMENT"):
        voyage.simulator.control.status(deposit.id_facture, status)
        voyage.passes(turns=14, minutes=10)  # news is asked once an hour when the recipient has the invoice
        assert voyage.status(deposit) == status
    told = [
        event.data["status"] for event in voyage.gateway.outbox.events(deposit.id) if event.kind == "deposit.status"
    ]
    assert told[-3:] == ["SERVICE_FAIT", "MANDATEE", "MISE_EN_PAIEMENT"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_credit_note_names_its_invoice_and_is_integrated(voyage: Voyage, form: str) -> None:
    first = PrecedingInvoice(number="F-0", issue_date=voyage.now().date())
    credit = _invoice(voyage, "AV-1", type_code="381", preceding=first)
    deposit = voyage.send(voyage.connect(FIRM), credit, form)
    assert deposit.state is DepositState.INTEGRATED, deposit.faults


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("cadre", ["A9", "A12"])
def test_a_validator_is_waited_for_then_silence_lets_it_pass(voyage: Voyage, form: str, cadre: str) -> None:
    """The holder of the contract says nothing for fifteen days: the demand goes on to the public body."""
    holder = Party(
        name="Titulaire", identifiers=(Identifier(value=FIRM, scheme="0009"),), address=Address(country="FR"),
        vat_number=vat_number(Siret.parse(FIRM)),
    )  # fmt: skip
    demand = replace(_invoice(voyage, "ST-1", SUBCONTRACTOR, cadre=cadre), tax_representative=holder)
    deposit = voyage.send(voyage.connect(SUBCONTRACTOR), demand, form)
    assert deposit.state is DepositState.INTEGRATED, deposit.faults
    assert deposit.platform_status == "A_VALIDER_1"
    voyage.passes(turns=20, days=1)
    assert voyage.status(deposit) == "MISE_A_DISPOSITION"


@pytest.mark.parametrize("form", ["cii", "ubl", "facturx"])
@pytest.mark.parametrize("cadre", ["A2", "A4", "A5", "A7"])
def test_other_frames_are_taken_as_the_platform_takes_them(voyage: Voyage, form: str, cadre: str) -> None:
    deposit = voyage.send(voyage.connect(FIRM), _invoice(voyage, "TX-1", cadre=cadre), form)
    assert deposit.state is DepositState.INTEGRATED, deposit.faults
    assert deposit.cadre == cadre
