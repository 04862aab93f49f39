"""Works documents by flux: each cadre is accepted, integrated, laid on the right desk, followed, and told in French."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from chorus_simulator.seeds import FIRM, WORKS_CONTRACT, WORKS_OWNER, WORKS_SUPERVISOR
from raccord.api.views import DepositView
from raccord.domain.cadres import WORKS_BY_FLUX, cadre_label
from raccord.domain.connection import EnvironmentName
from raccord.domain.deposit import Deposit, DepositState, NewDeposit
from raccord.domain.identifiers import Siret
from raccord.domain.requests import NewConnection
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.formats.sample import make_invoice, write_sample
from raccord.settings import load_settings
from raccord.wiring import build_gateway

MOE, MOA, PAID_BY = "MISE_A_DISPOSITION_MOE", "MISE_A_DISPOSITION_MOA", "MISE_A_DISPOSITION"
FIRST_DESK = {
    "A4": MOE, "A5": MOE, "A6": PAID_BY, "A7": MOE, "A8": MOA, "A10": MOE, "A13": MOE, "A14": MOE, "A22": MOE,
}  # fmt: skip
"""Where each document goes first, when the contract has a MOE (specifications/api/factures-travaux.md §3, mark G)."""
FORMS = ("cii", "ubl", "facturx")


@dataclass
class Site:
    """A building firm beside a works contract: its gateway, the platform, the desks of the others."""

    simulator: Any
    ahead: timedelta = timedelta()
    gateway: Gateway = field(init=False)
    connection: str = ""

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

    def connect(self) -> None:
        """The connection of the firm."""
        application, account = self.simulator.application(), self.simulator.account(FIRM)
        new = NewConnection(
            "Entreprise", EnvironmentName.SIMULATOR, addresses=addresses_at(self.simulator.base_url),
            client_id=application["client_id"], client_secret=Secret(application["client_secret"]),
        )  # fmt: skip
        self.connection = self.gateway.connections.create(new, "cli").id
        password = Secret(account["password"])
        assert self.gateway.connections.enter_candidate(self.connection, account["login"], password, "cli").promoted
        self.gateway.connections.discover_structures(self.connection, "cli")

    def deposit(self, number: str, cadre: str, form: str = "cii") -> Deposit:
        """Deposit a document of the contract and wait for its integration."""
        invoice = make_invoice(
            5, number=number, supplier=Siret.parse(FIRM), recipient=Siret.parse(WORKS_OWNER), service="BATIMENTS",
            issue_date=self.now().date(), cadre=cadre, contract=WORKS_CONTRACT,
        )  # fmt: skip
        extension = "pdf" if form == "facturx" else "xml"
        new = NewDeposit(self.connection, write_sample(invoice, form), f"{number}.{extension}")
        accepted = self.gateway.outbox.accept(new).deposit
        assert accepted.state is DepositState.READY, [fault.sentence for fault in accepted.faults if fault.is_error]
        self.passes(seconds=10)
        return self.gateway.outbox.get(accepted.id)

    def news(self, deposit: Deposit) -> DepositView:
        """What a program reads of it, once the followers have asked."""
        self.passes(turns=6, hours=1)
        return DepositView.of(self.gateway.outbox.get(deposit.id))

    def desk(self, siret: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Another party of the contract at its own software: one call, which must succeed."""
        application, account = self.simulator.application(), self.simulator.account(siret)
        identity = {"grant_type": "client_credentials", "client_id": application["client_id"],
                    "client_secret": application["client_secret"], "scope": "openid"}  # fmt: skip
        urls = addresses_at(self.simulator.base_url)
        token = httpx2.post(urls.token_url, data=identity).json()["access_token"]
        login = base64.b64encode(f"{account['login']}:{account['password']}".encode()).decode()
        headers = {"Authorization": f"Bearer {token}", "cpro-account": login}
        answer: dict[str, Any] = httpx2.post(f"{urls.api_url}/cpro/{path}", json=body, headers=headers).json()
        assert answer["codeRetour"] == 0, answer
        return answer


@pytest.fixture
def site(chorus_simulator: Any, tmp_path: Path) -> Iterator[Site]:
    """The firm, connected, at the hour of this machine."""
    environ = {
        "RACCORD_DATA_DIR": str(tmp_path), "RACCORD_GROUP_DELAY_S": "0", "RACCORD_RATE_PER_SECOND": "1000",
        "RACCORD_ACCOUNT_RATE_PER_SECOND": "1000", "RACCORD_SCHEMATRON_WORKERS": "0",
    }  # fmt: skip
    made = Site(chorus_simulator)
    settings = load_settings(environ, env_file=None)
    made.gateway = build_gateway(settings, durable=False, sleep=lambda _: None, clock=made.now)
    chorus_simulator.control.clock(set=made.now().isoformat())
    chorus_simulator.control.reset()
    made.connect()
    yield made
    made.gateway.close()


def test_the_table_holds_every_cadre_that_travels_by_flux() -> None:
    assert set(FIRST_DESK) == set(WORKS_BY_FLUX)


@pytest.mark.parametrize("form", FORMS)
def test_each_cadre_is_accepted_integrated_and_followed_to_its_desk(site: Site, form: str) -> None:
    seen = {}
    for cadre in WORKS_BY_FLUX:
        deposit = site.deposit(f"TX-{cadre}", cadre, form)
        seen[cadre] = (deposit.state, deposit.cadre)
    assert seen == {cadre: (DepositState.INTEGRATED, cadre) for cadre in WORKS_BY_FLUX}
    site.passes(turns=6, hours=1)
    found = {one.cadre: one.platform_status for one in site.gateway.outbox.search(_everything()).items}
    assert found == FIRST_DESK


def _everything() -> Any:
    from raccord.store.deposits import DepositQuery

    return DepositQuery()


def test_a_monthly_statement_is_followed_from_desk_to_desk(site: Site) -> None:
    deposit = site.deposit("DEC-1", "A4")
    news = site.news(deposit)
    assert news.platform_status is not None
    assert news.platform_status.label == "Mise à disposition du maître d’œuvre"
    assert "bureau du maître d’œuvre" in news.next_step
    assert news.cadre_label == "A4 : travaux, projet de décompte mensuel du titulaire"
    site.desk(WORKS_SUPERVISOR, "facturesTravaux/v1/consulter", {"idFacture": deposit.id_facture})
    assert "examine" in site.news(deposit).next_step
    _account_statement(site, "DEC-1")
    news = site.news(deposit)
    assert news.platform_status is not None
    assert news.platform_status.code == "ASSOCIEE"
    assert "mène au paiement" in news.next_step
    told = [e.data["status"] for e in site.gateway.outbox.events(deposit.id) if e.kind == "deposit.status"]
    assert told == ["PRISE_EN_COMPTE_MOE", "ASSOCIEE"]


def _account_statement(site: Site, former: str) -> None:
    """The MOE answers by a statement of its own, made from the document of the firm."""
    pdf = base64.b64encode(b"%PDF-1.4").decode()
    given = {"fichierFacture": pdf, "nomFichier": "etat.pdf", "formatDepot": "PDF_NON_SIGNE"}
    piece = site.desk(WORKS_SUPERVISOR, "factures/v1/deposer/pdf", given)["pieceJointeId"]
    body = {
        "modeDepot": "DEPOT_PDF_API", "numeroFactureSaisi": "ACO-1", "dateFacture": site.now().date().isoformat(),
        "destinataire": {"codeDestinataire": WORKS_OWNER, "codeServiceExecutant": "BATIMENTS"},
        "fournisseur": {"idFournisseur": site.simulator.structure(WORKS_SUPERVISOR)["idStructureCPP"]},
        "cadreDeFacturation": {"codeCadreFacturation": "A15_ETAT_ACOMPTE_MOE"},
        "references": {
            "deviseFacture": "EUR", "typeFacture": "FACTURE", "typeTva": "SANS_TVA", "modePaiement": "VIREMENT",
            "numeroMarche": WORKS_CONTRACT, "numeroFactureOrigine": former,
        },
        "montantTotal": {"montantHtTotal": 10, "montantTVA": 0, "montantTtcTotal": 10, "montantAPayer": 10},
        "pieceJointePrincipale": {"pieceJointePrincipaleId": piece},
    }  # fmt: skip
    site.desk(WORKS_SUPERVISOR, "facturesTravaux/v1/soumettre", body)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("facturesTravaux/v1/completermoe", "A_COMPLETER", "complétez-le"),
        ("facturesTravaux/v1/refuser", "REFUSEE_MOE", "nouveau numéro"),
        ("facturesTravaux/v1/demander/recyclage", "EN_ATTENTE_RECYCLAGE_FOURNISSEUR", "sous le même numéro"),
    ],
)
def test_what_the_supervisor_wants_of_the_firm_is_told_with_the_next_step(
    site: Site, path: str, status: str, words: str
) -> None:
    deposit = site.deposit("DEC-2", "A7")
    reason = {"idFacture": deposit.id_facture, "commentaire": "Il manque le constat.", "motif": "Constat absent"}
    site.desk(WORKS_SUPERVISOR, path, reason)
    news = site.news(deposit)
    assert news.platform_status is not None
    assert news.platform_status.code == status
    assert news.platform_status.label != status, "a French label, not the code"
    assert words in news.next_step


def test_a_document_of_the_supervisor_is_warned_of_before_it_leaves(site: Site) -> None:
    invoice = make_invoice(
        5, number="MOE-1", supplier=Siret.parse(FIRM), recipient=Siret.parse(WORKS_OWNER), service="BATIMENTS",
        issue_date=site.now().date(), cadre="A15", contract=WORKS_CONTRACT,
    )  # fmt: skip
    found = site.gateway.outbox.check(write_sample(invoice, "cii"), "MOE-1.xml").faults
    assert [one.severity.value for one in found if one.code == "CP-CAD-04"] == ["warning"]
    assert cadre_label("A15") in next(one.sentence for one in found if one.code == "CP-CAD-04")
