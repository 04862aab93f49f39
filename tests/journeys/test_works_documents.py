"""Works documents by flux: each cadre is accepted, integrated, laid on the right desk, followed, and told in French."""

from __future__ import annotations

import base64
from typing import Any

import httpx2
import pytest

from chorus_simulator.seeds import FIRM, WORKS_CONTRACT, WORKS_OWNER, WORKS_SUPERVISOR
from raccord.api.views import DepositView
from raccord.domain.cadres import WORKS_BY_FLUX, cadre_label
from raccord.domain.clock import PARIS
from raccord.domain.deposit import Deposit, DepositState
from raccord.domain.identifiers import Siret
from raccord.domain.invoice import Invoice
from raccord.engine.connections import addresses_at
from raccord.formats.sample import write_sample
from raccord.store.deposits import DepositQuery

MOE, MOA, PAID_BY = "MISE_A_DISPOSITION_MOE", "MISE_A_DISPOSITION_MOA", "MISE_A_DISPOSITION"
FIRST_DESK = {
    "A4": MOE, "A5": MOE, "A6": PAID_BY, "A7": MOE, "A8": MOA, "A10": MOE, "A13": MOE, "A14": MOE, "A22": MOE,
}  # fmt: skip
"""Where each document goes first, when the contract has a MOE (specifications/api/factures-travaux.md §3, mark G)."""
FORMS = ("cii", "ubl", "facturx")


@pytest.fixture
def firm(voyage: Any) -> str:
    """The connection of a building firm beside a works contract."""
    made: str = voyage.connect(FIRM)
    return made


def _document(voyage: Any, number: str, cadre: str) -> Invoice:
    more = {"recipient": Siret.parse(WORKS_OWNER), "service": "BATIMENTS", "contract": WORKS_CONTRACT}
    document: Invoice = voyage.invoice(number, FIRM, cadre=cadre, **more)
    return document


def _news(voyage: Any, deposit: Deposit) -> DepositView:
    """What a program reads of it, once the followers have asked."""
    voyage.passes(turns=6, hours=1)
    return DepositView.of(voyage.again(deposit))


def _desk(voyage: Any, siret: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Another party of the contract at its own software: one call, which must succeed."""
    application, account = voyage.simulator.application(), voyage.simulator.account(siret)
    identity = {"grant_type": "client_credentials", "client_id": application["client_id"],
                "client_secret": application["client_secret"], "scope": "openid"}  # fmt: skip
    urls = addresses_at(voyage.simulator.base_url)
    token = httpx2.post(urls.token_url, data=identity, timeout=60).json()["access_token"]
    login = base64.b64encode(f"{account['login']}:{account['password']}".encode()).decode()
    headers = {"Authorization": f"Bearer {token}", "cpro-account": login}
    answer: dict[str, Any] = httpx2.post(f"{urls.api_url}/cpro/{path}", json=body, headers=headers, timeout=60).json()
    assert answer["codeRetour"] == 0, answer
    return answer


def test_the_table_holds_every_cadre_that_travels_by_flux() -> None:
    assert set(FIRST_DESK) == set(WORKS_BY_FLUX)


@pytest.mark.parametrize("form", FORMS)
def test_each_cadre_is_accepted_integrated_and_followed_to_its_desk(voyage: Any, firm: str, form: str) -> None:
    seen = {}
    for cadre in WORKS_BY_FLUX:
        deposit = voyage.send(firm, _document(voyage, f"TX-{cadre}", cadre), form)
        seen[cadre] = (deposit.state, deposit.cadre)
    assert seen == {cadre: (DepositState.INTEGRATED, cadre) for cadre in WORKS_BY_FLUX}
    voyage.passes(turns=6, hours=1)
    found = {one.cadre: one.platform_status for one in voyage.gateway.outbox.search(DepositQuery()).items}
    assert found == FIRST_DESK


def test_a_monthly_statement_is_followed_from_desk_to_desk(voyage: Any, firm: str) -> None:
    deposit = voyage.send(firm, _document(voyage, "DEC-1", "A4"))
    news = _news(voyage, deposit)
    assert news.platform_status is not None
    assert news.platform_status.label == "Mise à disposition du maître d’œuvre"
    assert "bureau du maître d’œuvre" in news.next_step
    assert news.cadre_label == "A4 : travaux, projet de décompte mensuel du titulaire"
    _desk(voyage, WORKS_SUPERVISOR, "facturesTravaux/v1/consulter", {"idFacture": deposit.id_facture})
    assert "examine" in _news(voyage, deposit).next_step
    _account_statement(voyage, "DEC-1")
    news = _news(voyage, deposit)
    assert news.platform_status is not None
    assert news.platform_status.code == "ASSOCIEE"
    assert "mène au paiement" in news.next_step
    told = [e.data["status"] for e in voyage.gateway.outbox.events(deposit.id) if e.kind == "deposit.status"]
    assert told == ["PRISE_EN_COMPTE_MOE", "ASSOCIEE"]


def _account_statement(voyage: Any, former: str) -> None:
    """The MOE answers by a statement of its own, made from the document of the firm."""
    pdf = base64.b64encode(b"%PDF-1.4").decode()
    given = {"fichierFacture": pdf, "nomFichier": "etat.pdf", "formatDepot": "PDF_NON_SIGNE"}
    piece = _desk(voyage, WORKS_SUPERVISOR, "factures/v1/deposer/pdf", given)["pieceJointeId"]
    body = {
        "modeDepot": "DEPOT_PDF_API", "numeroFactureSaisi": "ACO-1",
        "dateFacture": voyage.now().astimezone(PARIS).date().isoformat(),
        "destinataire": {"codeDestinataire": WORKS_OWNER, "codeServiceExecutant": "BATIMENTS"},
        "fournisseur": {"idFournisseur": voyage.simulator.structure(WORKS_SUPERVISOR)["idStructureCPP"]},
        "cadreDeFacturation": {"codeCadreFacturation": "A15_ETAT_ACOMPTE_MOE"},
        "references": {
            "deviseFacture": "EUR", "typeFacture": "FACTURE", "typeTva": "SANS_TVA", "modePaiement": "VIREMENT",
            "numeroMarche": WORKS_CONTRACT, "numeroFactureOrigine": former,
        },
        "montantTotal": {"montantHtTotal": 10, "montantTVA": 0, "montantTtcTotal": 10, "montantAPayer": 10},
        "pieceJointePrincipale": {"pieceJointePrincipaleId": piece},
    }  # fmt: skip
    _desk(voyage, WORKS_SUPERVISOR, "facturesTravaux/v1/soumettre", body)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("facturesTravaux/v1/completermoe", "A_COMPLETER", "complétez-le"),
        ("facturesTravaux/v1/refuser", "REFUSEE_MOE", "nouveau numéro"),
        ("facturesTravaux/v1/demander/recyclage", "EN_ATTENTE_RECYCLAGE_FOURNISSEUR", "sous le même numéro"),
    ],
)
def test_what_the_supervisor_wants_of_the_firm_is_told_with_the_next_step(
    voyage: Any, firm: str, path: str, status: str, words: str
) -> None:
    deposit = voyage.send(firm, _document(voyage, "DEC-2", "A7"))
    reason = {"idFacture": deposit.id_facture, "commentaire": "Il manque le constat.", "motif": "Constat absent"}
    _desk(voyage, WORKS_SUPERVISOR, path, reason)
    news = _news(voyage, deposit)
    assert news.platform_status is not None
    assert news.platform_status.code == status
    assert news.platform_status.label != status, "a French label, not the code"
    assert words in news.next_step


def test_a_document_of_the_supervisor_is_warned_of_before_it_leaves(voyage: Any) -> None:
    invoice = _document(voyage, "MOE-1", "A15")
    found = voyage.gateway.outbox.check(write_sample(invoice, "cii"), "MOE-1.xml").faults
    assert [one.severity.value for one in found if one.code == "CP-CAD-04"] == ["warning"]
    assert cadre_label("A15") in next(one.sentence for one in found if one.code == "CP-CAD-04")
