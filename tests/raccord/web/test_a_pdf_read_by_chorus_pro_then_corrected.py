"""A PDF laid on the desk: Chorus Pro reads it, a person corrects, it leaves; nothing typed nor laid is ever lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.identifiers import Siret
from raccord.domain.roles import Role
from raccord.formats import facturx
from raccord.formats.render import render_pdf
from raccord.formats.sample import make_invoice
from raccord.store.deposits import DepositQuery

if TYPE_CHECKING:
    from raccord.domain.deposit import Deposit

FIRM, TOWN = "45251785100010", "21970999400017"


@pytest.fixture
def accountant(office: Any) -> Any:
    """The accountant, before the pages, beside a connection that works."""
    office.connect()
    return office.visitor(Role.COMPTABLE)


def _legible(office: Any, number: str) -> bytes:
    """A PDF of which the simulated platform can read the figures."""
    invoice = make_invoice(
        7, number=number, supplier=Siret.parse(FIRM), recipient=Siret.parse(TOWN), service="SERV-TECH",
        issue_date=office.hours().astimezone(PARIS).date(),
    )  # fmt: skip
    return facturx.write(invoice)


def _deposits(office: Any) -> tuple[Deposit, ...]:
    found: tuple[Deposit, ...] = office.gateway.outbox.search(DepositQuery()).items
    return found


def _value(accountant: Any, name: str) -> str:
    found = re.search(rf'<input id="{name}"[^>]* value="([^"]*)"', accountant.text)
    assert found, name
    return found[1]


def _read(accountant: Any, office: Any, number: str = "P-1", **typed: str) -> None:
    accountant.open("depots/saisie")
    form = [(name, (None, value)) for name, value in accountant._form("/saisie").form_values() if value]
    given = [(name, (None, value)) for name, value in typed.items()]
    pdf = [("pdf", (f"{number}.pdf", _legible(office, number)))]
    accountant._see(accountant.http.post(f"{office.url}/depots/saisie/lire", files=[*form, *given, *pdf]))


@pytest.mark.parametrize("road", ["facturx", "fields"])
def test_what_chorus_pro_reads_fills_the_form_and_the_invoice_leaves(office: Any, accountant: Any, road: str) -> None:
    _read(accountant, office)
    assert "vérifiez chaque donnée" in accountant.text, accountant.said()
    read = {name: _value(accountant, name) for name in ("numero", "destinataire", "service")}
    assert read == {"numero": "P-1", "destinataire": TOWN, "service": "SERV-TECH"}
    accountant.send("/saisie", voie=road, montant_1="1234,50", taux_1="20")
    assert "Votre dépôt est enregistré" in accountant.text, accountant.said()
    office.work()
    (deposit,) = _deposits(office)
    assert (deposit.number, deposit.state.value, str(deposit.amount_total)) == ("P-1", "integrated", "1481.40")
    calls = office.simulator.control.ledger()["calls"]
    sent = [count for operation, count in calls.items() if operation.endswith("deposer/pdf")]
    assert sent == [1]  # the PDF that was read is the one that is submitted


def test_what_a_person_typed_is_never_overwritten_by_the_reading(office: Any, accountant: Any) -> None:
    _read(accountant, office, numero="MIEN-1")
    assert _value(accountant, "numero") == "MIEN-1"
    assert _value(accountant, "destinataire") == TOWN


def test_a_pdf_that_says_nothing_is_told_and_stays_on_the_desk(office: Any, accountant: Any) -> None:
    accountant.open("depots/saisie")
    page = render_pdf(make_invoice(7, number="P-1", issue_date=office.hours().astimezone(PARIS).date()))
    form = [(name, (None, value)) for name, value in accountant._form("/saisie").form_values() if value]
    accountant._see(accountant.http.post(f"{office.url}/depots/saisie/lire", files=[*form, ("pdf", ("P-1.pdf", page))]))
    assert "rien reconnu" in accountant.text
    address = re.search(r'src="(/depots/saisie/pdf\?[^"]+)"', accountant.text)
    assert address
    assert accountant.http.get(office.url + address[1]).content == page


def test_after_an_error_the_pdf_has_not_to_be_chosen_again(office: Any, accountant: Any) -> None:
    accountant.open("depots/saisie")
    accountant.send("/saisie", files={"pdf": ("P-1.pdf", _legible(office, "P-1"))}, numero="P-1", fournisseur=FIRM,
                    destinataire="123", montant_1="100", taux_1="20")  # fmt: skip
    assert accountant.status == 400
    assert "14 chiffres" in accountant.read("destinataire-erreur")
    accountant.send("/saisie", destinataire=TOWN, service="SERV-TECH")
    assert "Votre dépôt est enregistré" in accountant.text, accountant.said()


def test_while_chorus_pro_does_not_answer_the_person_types_on(office: Any, accountant: Any) -> None:
    office.simulator.control.fault("maintenance", "*deposer/pdf")
    _read(accountant, office, numero="P-1")
    assert accountant.status == 400
    assert _value(accountant, "numero") == "P-1"
    assert "PDF sur le bureau" in accountant.text


def test_the_desk_of_one_person_is_closed_to_the_others(office: Any, accountant: Any) -> None:
    _read(accountant, office)
    address = re.search(r'src="(/depots/saisie/pdf\?[^"]+)"', accountant.text)
    assert address
    other = office.visitor(Role.SUPERVISEUR)
    answer = other.http.get(office.url + address[1])
    assert not answer.content.startswith(b"%PDF")
    assert "n’est plus sur le bureau" in answer.text


def test_a_file_that_is_no_pdf_is_refused_at_once(office: Any, accountant: Any) -> None:
    accountant.open("depots/saisie")
    accountant.send("/saisie", files={"pdf": ("notes.pdf", b"bonjour")}, numero="P-1", destinataire=TOWN, montant_1="1")
    assert "FICHIER_PAS_PDF" in accountant.text
    assert _deposits(office) == ()
