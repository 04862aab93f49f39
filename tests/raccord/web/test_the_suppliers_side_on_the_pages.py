"""A person at the pages: a PDF typed in, data beside a PDF, a suspended invoice completed, a rejection closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.roles import Role
from raccord.formats import invoice_json
from raccord.formats.render import render_pdf
from raccord.formats.sample import make_invoice

if TYPE_CHECKING:
    from raccord.domain.deposit import Deposit

TYPED = {
    "numero": "P-1", "fournisseur": "45251785100010", "destinataire": "21970999400017", "service": "SERV-TECH",
    "montant_1": "1 234,50", "taux_1": "20", "iban": "FR76 3000 6000 0112 3456 7890 189",
}  # fmt: skip


@pytest.fixture
def accountant(office: Any) -> Any:
    """The accountant, before the pages, beside a connection that works."""
    office.connect()
    return office.visitor(Role.COMPTABLE)


def _page(office: Any, number: str) -> bytes:
    return render_pdf(make_invoice(7, number=number, issue_date=office.hours().astimezone(PARIS).date()))


def _only(office: Any) -> Deposit:
    from raccord.store.deposits import DepositQuery

    (deposit,) = office.gateway.outbox.search(DepositQuery()).items
    found: Deposit = deposit
    return found


@pytest.mark.parametrize("road", ["facturx", "fields"])
def test_the_data_of_a_pdf_are_typed_and_it_reaches_chorus_pro(office: Any, accountant: Any, road: str) -> None:
    accountant.open("depots/saisie")
    accountant.send("/saisie", files={"pdf": ("P-1.pdf", _page(office, "P-1"))}, **TYPED, voie=road)
    assert "Votre dépôt est enregistré" in accountant.text, accountant.said()
    office.work()
    deposit = _only(office)
    assert deposit.state.value == "integrated"
    assert str(deposit.amount_total) == "1481.40"
    accountant.open(f"depots/{deposit.id}")
    assert "PDF donné" in accountant.text


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(office: Any, accountant: Any) -> None:
    from raccord.store.deposits import DepositQuery

    accountant.open("depots/saisie")
    wrong = TYPED | {"destinataire": "123", "montant_1": "beaucoup", "date": "demain"}
    accountant.send("/saisie", files={"pdf": ("P-1.pdf", _page(office, "P-1"))}, **wrong)
    assert accountant.status == 400
    assert "14 chiffres" in accountant.read("destinataire-erreur")
    assert "1234,56" in accountant.read("montant_1-erreur")
    assert "JJ/MM/AAAA" in accountant.read("date-erreur")
    wrong = TYPED | {"numero": "n° 1 !", "date": office.hours().astimezone(PARIS).date().isoformat()}
    accountant.send("/saisie", files={"pdf": ("P-1.pdf", _page(office, "P-1"))}, **wrong)
    assert "CP-NUM" in accountant.text
    assert office.gateway.outbox.search(DepositQuery()).items == ()


def test_a_json_dropped_with_its_pdf_is_one_invoice(office: Any, accountant: Any) -> None:
    from raccord.domain.identifiers import Siret

    invoice = make_invoice(
        7, number="J-1", supplier=Siret.parse("45251785100010"), recipient=Siret.parse("21970999400017"),
        service="SERV-TECH", issue_date=office.hours().astimezone(PARIS).date(),
    )  # fmt: skip
    accountant.open("depots")
    both = [("fichiers", ("J-1.pdf", render_pdf(invoice))), ("fichiers", ("J-1.json", invoice_json.write(invoice)))]
    form = accountant._form("/depots")
    hidden = [(name, (None, value)) for name, value in form.form_values() if value]
    accountant._see(accountant.http.post(f"{office.url}/depots", files=[*hidden, *both]))
    assert "Dépôt enregistré" in accountant.text, accountant.said()
    assert _only(office).number == "J-1"


def _standing(office: Any, accountant: Any, status: str) -> Deposit:
    accountant.open("depots").send("/depots", files={"fichiers": ("F-1.xml", office.invoice("F-1"))})
    office.work()
    office.simulator.control.status(_only(office).id_facture, status)
    office.work(turns=6, seconds=3600)
    assert _only(office).platform_status == status
    return _only(office)


def test_a_suspended_invoice_is_completed_from_its_page(office: Any, accountant: Any) -> None:
    deposit = _standing(office, accountant, "SUSPENDUE")
    accountant = office.visitor(Role.COMPTABLE)  # more than an hour has passed
    accountant.open(f"depots/{deposit.id}")
    assert "Que faire maintenant" in accountant.text
    pieces = {"pieces": ("attestation.pdf", b"%PDF-1.4 attestation")}
    accountant.send("/repondre", files=pieces, commentaire="Voici l’attestation.")
    assert "Votre réponse est enregistrée" in accountant.text
    office.work(turns=2)
    accountant.open(f"depots/{deposit.id}")
    assert "acceptée par Chorus Pro" in accountant.text
    assert "209 Complétée" in accountant.text
    accountant.open(f"depots/{deposit.id}/historique")
    assert "Voici l’attestation." in accountant.text
    assert "208 Suspendue" in accountant.text


def test_a_rejection_is_closed_from_the_page(office: Any, accountant: Any) -> None:
    deposit = _standing(office, accountant, "REJETEE")
    accountant = office.visitor(Role.COMPTABLE)
    accountant.open(f"depots/{deposit.id}")
    assert "nouveau numéro" in accountant.text
    accountant.send("/repondre")
    office.work(turns=2)
    accountant.open(f"depots/{deposit.id}")
    assert "acceptée par Chorus Pro" in accountant.text
    assert accountant.page.xpath("//form[contains(@action, 'repondre')]") == []
