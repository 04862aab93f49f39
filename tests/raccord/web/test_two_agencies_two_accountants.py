"""The story of two agencies of one firm: each accountant sees hers, the Superviseur sees both and decides."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from chorus_simulator.seeds import FIRM, SECOND_SUPPLIER, TOWN
from raccord.domain.clock import PARIS
from raccord.domain.connection import Connection, Structure
from raccord.domain.deposit import NewDeposit
from raccord.domain.errors import Invalid, NotAllowed, RaccordError
from raccord.domain.identifiers import Siret
from raccord.domain.reach import Reach
from raccord.domain.roles import Role
from raccord.formats.sample import make_invoice, write_sample
from raccord.store import structures

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def agencies(office: Any) -> Connection:
    """One connection for both agencies."""
    connection: Connection = office.connect(FIRM, "Groupe")
    south = Structure(
        "south", connection.id, SECOND_SUPPLIER, "Agence du Sud", 9001, is_supplier=True, is_recipient=False
    )
    with office.gateway.store.begin() as conn:
        structures.insert(conn, south, office.gateway.clock())
    return connection


def invoice(office: Any, siret: str, number: str) -> bytes:
    """An invoice of one agency to the town."""
    made = make_invoice(
        3, number=number, supplier=Siret.parse(siret), recipient=Siret.parse(TOWN), service="SERV-TECH",
        issue_date=office.hours().astimezone(PARIS).date(),
    )  # fmt: skip
    return write_sample(made, "cii")


def accountant(office: Any, email: str) -> Any:
    """The person of that address."""
    return next(user for user in office.gateway.users.all() if user.email == email)


def invite(page: Page, office: Any, email: str, siret: str) -> None:
    """The Superviseur invites an accountant for one structure, from the page of users."""
    page.goto(f"{office.url}/utilisateurs")
    page.fill("#email", email)
    page.fill("#nom", email.partition("@")[0])
    page.check("#perimetre-certaines")
    page.check(f"#structure-{siret}")
    page.get_by_role("button", name="Inviter").click()
    link = page.inner_text(".secret-once")
    other = page.context.browser.new_context()  # type: ignore[union-attr]  # the browser of this very page
    hers = other.new_page()
    hers.goto(link)
    for box in hers.query_selector_all("input[type=password]"):
        box.fill(office.password)
    hers.locator("form button").last.click()
    other.close()


def signed_in(office: Any, email: str) -> Any:
    """The browser of that accountant."""
    visitor = office.visitor()
    visitor.open("connexion").send("/connexion", email=email, mot_de_passe=office.password)
    return visitor


def test_each_accountant_sees_her_agency(office: Any, agencies: Connection, sit_down: Callable[..., Page]) -> None:
    """Two invitations, two deposits: neither accountant can see, find, export or cancel the other's."""
    page = sit_down(Role.SUPERVISEUR)
    invite(page, office, "nord@exemple.fr", FIRM)
    invite(page, office, "sud@exemple.fr", SECOND_SUPPLIER)
    made = {}
    for name, siret in (("nord", FIRM), ("sud", SECOND_SUPPLIER)):
        new = NewDeposit(agencies.id, invoice(office, siret, f"F-{name}"), f"{name}.xml")
        made[name] = office.gateway.outbox.accept(new).deposit.id
    for mine, other in (("nord", "sud"), ("sud", "nord")):
        visitor = signed_in(office, f"{mine}@exemple.fr")
        assert f"F-{mine}" in visitor.open("/depots").text
        for path in ("/", "/depots", f"/recherche?texte=F-{other}", "/exports/depots", "/journal", "/echeances"):
            assert f"F-{other}<" not in visitor.open(path).text, path
        assert visitor.open(f"/depots/{made[mine]}").status == 200
        hidden = visitor.open(f"/depots/{made[other]}")
        unknown = visitor.open("/depots/00000000-0000-0000-0000-000000000000")
        assert (hidden.status, hidden.said()) == (unknown.status, unknown.said()) == (404, unknown.said())
    page.goto(f"{office.url}/depots")
    assert "F-nord" in page.content()
    assert "F-sud" in page.content()


def test_a_deposit_for_another_agency_is_refused_before_anything_is_kept(office: Any, agencies: Connection) -> None:
    """The accountant of the North chooses the wrong file: a sentence, and nothing stays."""
    gateway = office.gateway

    data = invoice(office, SECOND_SUPPLIER, "F-sud")
    with pytest.raises(NotAllowed) as refusal:
        gateway.within(Reach.of([FIRM])).outbox.accept(NewDeposit(agencies.id, data, "sud.xml"))
    assert refusal.value.code == "DEPOT_HORS_PERIMETRE"
    assert sum(gateway.outbox.count().values()) == 0
    with pytest.raises(RaccordError):
        gateway.archive.get(sha256(data).hexdigest())


def test_the_superviseur_changes_a_scope_and_the_journal_tells_it(
    office: Any, agencies: Connection, sit_down: Callable[..., Page]
) -> None:
    """From one agency to both, at once: the open session of the accountant sees more at her next page."""
    page = sit_down(Role.SUPERVISEUR)
    invite(page, office, "nord@exemple.fr", FIRM)
    office.gateway.outbox.accept(NewDeposit(agencies.id, invoice(office, SECOND_SUPPLIER, "F-sud"), "sud.xml"))
    visitor = signed_in(office, "nord@exemple.fr")
    assert "F-sud" not in visitor.open("/depots").text
    person = accountant(office, "nord@exemple.fr")
    page.goto(f"{office.url}/utilisateurs")
    page.locator(f"a[href='/utilisateurs/{person.id}/perimetre']").click()
    assert Axe().run(page).response["violations"] == []
    assert page.is_checked(f"#structure-{FIRM}")
    page.check(f"#structure-{SECOND_SUPPLIER}")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/utilisateurs?*")
    assert "2 structures" in page.content()
    assert "F-sud" in visitor.open("/depots").text
    told = [one for one in office.gateway.journal.read(f"user/{person.id}") if one.kind == "user.reach_changed"]
    assert [(one.data["before"], one.data["reach"]) for one in told] == [(FIRM, f"{FIRM}, {SECOND_SUPPLIER}")]
    assert told[0].actor == office.user(Role.SUPERVISEUR).actor


def test_a_superviseur_cannot_be_limited(office: Any, agencies: Connection) -> None:
    """Whoever sets the house sees the house."""

    users = office.gateway.users
    boss, reader = office.user(Role.SUPERVISEUR), office.user(Role.LECTEUR)
    with pytest.raises(Invalid) as refusal:
        users.change_user(boss.id, "cli", reach=Reach.of([FIRM]))
    assert refusal.value.code == "PERIMETRE_SUPERVISEUR"
    users.change_user(reader.id, "cli", reach=Reach.of([FIRM]))
    with pytest.raises(Invalid):
        users.change_user(reader.id, "cli", role=Role.SUPERVISEUR)
    for wrong in (Reach.of([]), Reach.of(["00000000000000"])):
        with pytest.raises(Invalid):
            users.change_user(reader.id, "cli", reach=wrong)


def test_among_many_structures_a_search_finds_and_what_was_ticked_stays(office: Any, agencies: Connection) -> None:
    """A page of eighty boxes helps nobody: fifty at most, a search for the others, without JavaScript."""
    with office.gateway.store.begin() as conn:
        for number in range(80):
            place = Structure(
                f"s{number}", agencies.id, f"{90_000_000_000_000 + number}", f"École {number:02}", number, True, False
            )
            structures.insert(conn, place, office.gateway.clock())
    reader = office.user(Role.LECTEUR)
    visitor = office.visitor(Role.SUPERVISEUR)
    path = f"/utilisateurs/{reader.id}/perimetre"
    wanted, typed = "90000000000079", "90000000000078"
    assert wanted not in visitor.open(path).text
    visitor.open(f"{path}?texte=école 79").send(path, perimetre="certaines", structure=[wanted], sirets=f" {typed}, ")
    assert visitor.status == 200
    assert office.gateway.users.get(reader.id).reach == Reach.of([wanted, typed])
    boxes = visitor.open(f"{path}?texte=école 12").page.xpath("//input[@name='structure']")
    assert [(box.get("value"), box.get("checked") is not None) for box in boxes] == [
        (typed, True), (wanted, True), ("90000000000012", False),
    ]  # fmt: skip
    visitor.open(path).send(path, perimetre="certaines", structure=[], sirets="12")
    assert visitor.status == 400
    assert "Aucune connexion ne sert la structure 12" in visitor.said()
    made = visitor.open("/cles-api").send(
        "/cles-api", nom="Limitée", droits="read", perimetre="certaines", structure=[], sirets=wanted
    )
    assert made.status == 200
    (key,) = office.gateway.users.keys()
    assert key.reach == Reach.of([wanted])
