"""Rights per structure: every route of the pages and of the API is asked by somebody limited, for what is another's.

Neither a number, nor a name, nor a SIRET of the other structure is in any answer, and nothing of it changes. The routes
are those of the application itself: a new one is swept as soon as it exists, and a new kind of parameter fails the test
until somebody says what to ask with it.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from chorus_simulator.seeds import FIRM, SECOND_SUPPLIER, TOWN
from raccord.domain.clock import PARIS
from raccord.domain.connection import EnvironmentName, Structure
from raccord.domain.deposit import NewDeposit
from raccord.domain.identifiers import Siret
from raccord.domain.reach import Reach
from raccord.domain.reception import Document, NewStatus
from raccord.domain.requests import NewConnection
from raccord.domain.roles import Permission, Role
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.formats.sample import make_invoice, write_sample
from raccord.settings import load_settings
from raccord.store import receptions, structures
from raccord.wiring import build_web

HAMLET = "26970888200019"
SECRETS = (
    "CONNEXION CACHEE", "AUTRE-777", "RECUE-888", "AGENCE CACHEE", "FOURNISSEUR CACHE", "HAMEAU CACHE", "Mot de hameau",
    SECOND_SUPPLIER, HAMLET,
)  # fmt: skip
"""What belongs to the other structures: numbers, names, remarks, SIRET."""
MINE = ("MIENNE-111", "RECUE-222")


@dataclass
class House:
    """What there is to see, and what each parameter of a route is asked with."""

    office: Any
    params: dict[str, list[str]]
    mine: dict[str, str]

    def happened(self) -> list[tuple[str, str]]:
        """All that ever happened to what belongs to the other structures: every change leaves its event."""
        subjects = [f"{kind}/{key}" for kind in ("deposit", "reception") for key in self.params["key"]]
        subjects += [f"structure/{self.params['structure_id'][0]}", f"connection/{self.params['connection_id'][0]}"]
        journal = self.office.gateway.journal
        return [(one.subject, one.kind) for subject in subjects for one in journal.read(subject, limit=1000)]


def deposit(office: Any, connection_id: str, siret: str, number: str, name: str) -> str:
    """An invoice of that supplier, accepted."""
    invoice = make_invoice(7, number=number, supplier=Siret.parse(siret), recipient=Siret.parse(TOWN),
                           service="SERV-TECH", issue_date=office.hours().astimezone(PARIS).date())  # fmt: skip
    data = write_sample(invoice, "cii").replace(invoice.seller.name.encode(), name.encode())
    accepted = office.gateway.outbox.accept(NewDeposit(connection_id, data, f"{number}.xml", author="essai"))
    return str(accepted.deposit.id)


def reception(gateway: Gateway, structure: Structure, number: str, supplier: str, id_facture: int) -> tuple[str, str]:
    """An invoice that this public body received, stored; its identifier and the hash of its document."""
    now, key = gateway.clock(), gateway.ground.new_id()
    data = f"<pivot>{number} {supplier}</pivot>".encode()
    sha256 = gateway.archive.put(data)
    columns = {
        "id": key, "connection_id": structure.connection_id, "structure_id": structure.id, "state": "seen",
        "family": "FACTURE", "id_facture": id_facture, "number": number, "issue_date": now.date(),
        "deposit_date": now.date() - timedelta(days=60), "supplier_siret": FIRM, "supplier_name": supplier,
        "recipient_siret": structure.siret, "service_code": "", "service_name": "", "commitment": "", "market": "",
        "type_code": "FACTURE", "currency": "EUR", "amount_total": Decimal("12.00"), "amount_due": Decimal("12.00"),
        "platform_status": "MISE_A_DISPOSITION", "platform_status_at": now, "platform_comment": "", "created_at": now,
        "updated_at": now,
    }  # fmt: skip
    with gateway.store.begin() as conn:
        receptions.insert(conn, columns)
        receptions.store(conn, key, [Document("pivot", f"{number}.xml", "text/xml", sha256, len(data))], now=now)
    return key, sha256


ON_BOTH = pytest.mark.parametrize(
    "office",
    [{}, pytest.param({"database": "postgresql"}, marks=pytest.mark.postgres)],
    indirect=True,
    ids=["sqlite", "postgresql"],
)


@pytest.fixture
def house(office: Any) -> House:
    """One connection that serves two agencies and two public bodies; each has an invoice and what goes with it."""
    gateway: Gateway = office.gateway
    connection = office.connect(FIRM, "Groupement")
    places = {}
    for siret, label, supplier in (
        (SECOND_SUPPLIER, "AGENCE CACHEE", True), (TOWN, "VILLE", False), (HAMLET, "HAMEAU CACHE", False),
    ):  # fmt: skip
        place = Structure(
            gateway.ground.new_id(), connection.id, siret, label, 9000 + len(places), supplier, not supplier
        )
        with gateway.store.begin() as conn:
            structures.insert(conn, place, gateway.clock())
            structures.update(conn, place.id, receive_from=gateway.clock())
        places[siret] = place
    new = NewConnection("CONNEXION CACHEE", EnvironmentName.SIMULATOR, addresses=addresses_at("http://127.0.0.1:9"))
    elsewhere = gateway.connections.create(new, "essai")
    mine = deposit(office, connection.id, FIRM, "MIENNE-111", "AGENCE VISIBLE")
    other = deposit(office, connection.id, SECOND_SUPPLIER, "AUTRE-777", "AGENCE CACHEE")
    my_reception, _ = reception(gateway, places[TOWN], "RECUE-222", "FOURNISSEUR VISIBLE", 501)
    received, sha256 = reception(gateway, places[HAMLET], "RECUE-888", "FOURNISSEUR CACHE", 502)
    office.work(2)
    gateway.desk.remark(received, "Mot de hameau", "essai")
    gateway.desk.assign([received], "agent@hameau.fr", "Service du HAMEAU CACHE", "essai")
    gateway.statuses.post(NewStatus(received, "SUSPENDUE", motif="Mot de hameau", author="essai"))
    hold = gateway.archiving.hold(f"reception/{received}", "Mot de hameau", "essai")
    gateway.archiving.hold(f"deposit/{other}", "Mot de hameau", "essai")
    flux = gateway.outbox.get(other).flux_id
    params = {
        "deposit_id": [other], "reception_id": [received], "connection_id": [connection.id, elsewhere.id],
        "structure_id": [places[HAMLET].id], "sha256": [sha256, gateway.outbox.get(other).sha256],
        "kind": ["deposit", "reception"], "key": [other, received], "hold_id": [hold.id], "flux_id": [flux or "f"],
        "subject": ["depots", "receptions", "ecritures"], "siret": [TOWN], "number": ["502"], "name": ["essai"],
        "decision_id": ["rien"], "webhook_id": ["rien"], "user_id": ["rien"], "key_id": ["rien"], "token": ["rien"],
        "session_id": ["rien"], "digest_id": ["rien"], "id_facture": ["502"],
    }  # fmt: skip
    return House(office, params, {"deposit": mine, "reception": my_reception})


def routes(office: Any) -> list[tuple[str, HTTPRoute]]:
    """Every route of the application, with its methods."""
    settings = load_settings({"RACCORD_DATA_DIR": "/nowhere", "RACCORD_PUBLIC_URL": office.url}, env_file=None)
    app: Litestar = build_web(office.gateway, settings)
    return [
        (method, route)
        for route in app.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith("/statique")
        for method in sorted(route.methods - {"OPTIONS", "HEAD"})
    ]


def addresses(route: HTTPRoute, params: dict[str, list[str]]) -> Iterator[str]:
    """The addresses of a route, one for each combination of what may be asked."""
    found = [""]
    for part in route.path_components:
        words = [part] if isinstance(part, str) else params[part.name]
        found = [f"{begin}/{word}" for begin in found for word in words]
    yield from (address or "/" for address in found)


def told(answer: Any) -> str:
    """All that an answer says, what lies in a ZIP or in a spreadsheet included."""
    if not answer.content.startswith(b"PK"):
        return str(answer.headers) + answer.content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def leaks(answer: Any) -> list[str]:
    """What of the other structures is told, beside what the question itself said."""
    said = told(answer)
    return [secret for secret in SECRETS if secret in said]


ASIDE = {"/deconnexion", "/metrics"}
"""One would end the sweep; the other is for the machine, or for who holds its token: it names every connection."""
ASKED = {"format": "xlsx", "texte": "CACHE", "text": "CACHE", "q": "CACHE", "recherche": "CACHE", "verifier": "true",
         "after": "0", "limit": "100"}  # fmt: skip
"""What the pages and the routes are asked besides their address, one at a time: searches, forms of export."""


def sweep(house: House, ask: Callable[..., Any], wanted: Callable[[str], bool]) -> tuple[list[str], int]:
    """Ask every route for everything; the leaks, and how many answers there were."""
    found, count = [], 0
    for method, route in routes(house.office):
        if not wanted(route.path) or route.path in ASIDE:
            continue
        for address in addresses(route, house.params):
            questions = [{}, *({name: value} for name, value in ASKED.items())] if method == "GET" else [{}]
            for question in questions:
                answer = ask(method, address, question)
                count += 1
                assert answer.status_code < 500, f"{method} {address} {question}: {answer.text[:400]}"
                found += [f"{method} {address} {question}: {secret}" for secret in leaks(answer)]
    return found, count


def limited(office: Any, role: Role = Role.COMPTABLE) -> Any:
    """A browser signed in as somebody who sees the firm and the town alone."""
    office.gateway.users.create_user(
        "limitee@exemple.fr", "Léa", role, Secret(office.password), "cli", reach=Reach.of([FIRM, TOWN])
    )
    visitor = office.visitor()
    visitor.open("connexion").send("/connexion", email="limitee@exemple.fr", mot_de_passe=office.password)
    return visitor


def page_asker(house: House, visitor: Any) -> Callable[..., Any]:
    """Ask the pages as a browser does, forms sealed."""

    def ask(method: str, address: str, question: dict[str, str]) -> Any:
        seal = {"x-csrftoken": visitor.http.cookies.get("raccord_csrf", "")}
        if method == "GET":
            return visitor.http.get(house.office.url + address, params=question)
        return visitor.http.post(house.office.url + address, data=form_of(house), headers=seal)

    return ask


def form_of(house: House) -> dict[str, Any]:
    """A form full of the other structure's identifiers."""
    return {
        "facture": house.params["reception_id"], "geste": "attribuer", "statut": "REJETEE", "motif": "essai",
        "personne": "moi", "commentaire": "essai", "texte": "essai", "decision": "valider", "envoye": "oui",
        "depuis": "2020-01-01", "langue": "fr", "role": "comptable", "actif": "oui", "siret": TOWN,
    }  # fmt: skip


@ON_BOTH
def test_no_page_tells_of_another_structure(house: House) -> None:
    """The accountant of the firm and of the town asks for everything of the hidden agency and of the hidden hamlet."""
    before = house.happened()
    found, count = sweep(house, page_asker(house, limited(house.office)), lambda path: not path.startswith("/api/"))
    assert found == []
    assert count > 100
    assert house.happened() == before


def api_asker(house: House, client: Any) -> Callable[..., Any]:
    """Ask the API with a body full of the other structure's identifiers."""
    other, received = house.params["deposit_id"][0], house.params["reception_id"][0]
    body = {
        "reception_ids": [received], "receptions": [received], "target": "REJETEE", "motif": "essai", "text": "essai",
        "assignee": "moi", "service": "", "subject": f"reception/{received}", "reason": "essai", "sent": True,
        "id_facture": 502, "accepted": True, "since": "2020-01-01", "kind": "ordinaire", "after": 0, "through": 0,
        "label": "essai", "deposit_id": other,
    }  # fmt: skip

    def ask(method: str, address: str, question: dict[str, str]) -> Any:
        send = {} if method in ("GET", "DELETE") else {"content": json.dumps(body)}
        return client.request(
            method, house.office.url + address, params=question, headers={"Content-Type": "application/json"}, **send
        )

    return ask


@ON_BOTH
def test_no_route_of_the_api_tells_of_another_structure(house: House) -> None:
    """A key limited to the firm and to the town, with every right that such a key may carry."""
    before = house.happened()
    client = house.office.program(
        *(one for one in Permission if one is not Permission.MANAGE_USERS), reach=Reach.of([FIRM, TOWN])
    )
    found, count = sweep(house, api_asker(house, client), lambda path: path.startswith("/api/v1"))
    assert found == []
    assert count > 100
    assert house.happened() == before


def test_the_sweep_would_see_a_leak(house: House) -> None:
    """Asked by somebody who sees everything, the same addresses tell every one of the secrets."""
    visitor = house.office.visitor(Role.SUPERVISEUR)
    said = "".join(
        told(page_asker(house, visitor)("GET", address, {}))
        for address in (
            "/",
            "/depots",
            "/receptions",
            "/journal",
            "/echeances",
            "/archive",
            "/exports/depots",
            f"/receptions/{house.params['reception_id'][0]}",
            f"/depots/{house.params['deposit_id'][0]}",
            f"/archive/reception/{house.params['reception_id'][0]}/dossier",
        )
    )
    assert [secret for secret in SECRETS if secret not in said] == []


def test_the_same_forms_change_things_for_who_sees_them(house: House) -> None:
    """The sweep is not won by forms that are refused for another reason."""
    before = len(house.happened())
    visitor = house.office.visitor(Role.SUPERVISEUR)
    sweep(house, page_asker(house, visitor), lambda path: path.startswith(("/receptions", "/archive", "/depots")))
    assert len(house.happened()) >= before + 5


def test_each_sees_what_is_hers(house: House) -> None:
    """The sweep is not won by showing nothing."""
    visitor = limited(house.office)
    for path in ("/", "/depots", "/receptions", "/exports/depots", "/exports/receptions", "/recherche?texte=facture"):
        visitor.open(path)
        assert visitor.status == 200
    said = "".join(visitor.open(path).text for path in ("/", "/exports/depots", "/exports/receptions"))
    assert all(number in said for number in MINE)
    assert visitor.open(f"/depots/{house.mine['deposit']}").status == 200
    assert visitor.open(f"/receptions/{house.mine['reception']}").status == 200


def test_a_key_never_reaches_further_than_its_owner(house: House) -> None:
    """A key of the accountant made for everything sees what she sees, and says so."""
    users = house.office.gateway.users
    owner = house.office.user(Role.COMPTABLE)
    key = users.create_key("Vaste", frozenset({Permission.READ}), owner.id).key.reveal()
    asked = {"headers": {"Authorization": f"Bearer {key}"}, "timeout": 60}
    client = house.office.visitor().http
    assert client.get(f"{house.office.url}/api/v1/me", **asked).json()["structures"] is None
    users.change_user(owner.id, "cli", reach=Reach.of([TOWN]))
    assert client.get(f"{house.office.url}/api/v1/me", **asked).json()["structures"] == [TOWN]
    assert client.get(f"{house.office.url}/api/v1/deposits", **asked).json()["items"] == []
    found = client.get(f"{house.office.url}/api/v1/receptions", **asked).json()["items"]
    assert [one["number"] for one in found] == ["RECUE-222"]


def test_what_bears_on_a_shared_connection_is_refused_with_a_sentence(house: House) -> None:
    """Holding the outbox back, or deciding for a validator, would bear on the structures of others."""
    client = house.office.program(Permission.READ, Permission.DEPOSIT, reach=Reach.of([FIRM, TOWN]))
    connection = house.params["connection_id"][0]
    for path in (f"connections/{connection}/pause", f"connections/{connection}/resume"):
        refused = client.post(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "PERIMETRE_PARTAGE")
    for path in ("validations", "validations/502/document"):
        assert client.get(f"connections/{connection}/{path}").json()["code"] == "PERIMETRE_PARTAGE"
    assert house.office.gateway.connections.get(connection).paused is False


def test_the_calendar_of_a_person_tells_her_connections_alone(house: House) -> None:
    """An address that a calendar reads without signing in keeps to the reach of its owner."""
    gateway: Gateway = house.office.gateway
    elsewhere = house.office.connect(TOWN, "Ailleurs")
    for one in gateway.connections.all():
        gateway.connections.set_expiry(one.id, gateway.clock() + timedelta(days=90), "cli")
    with gateway.store.begin() as conn:
        for place in structures.of_connection(conn, elsewhere.id):
            structures.update(conn, place.id, siret=HAMLET)
    owner = house.office.user(Role.LECTEUR)
    token = gateway.users.calendar_link(owner.id, owner.actor)
    read = house.office.visitor()
    assert "Ailleurs" in read.open(f"/calendrier/{token}.ics").text
    gateway.users.change_user(owner.id, "cli", reach=Reach.of([FIRM]))
    told_now = read.open(f"/calendrier/{token}.ics").text
    assert "Groupement" in told_now
    assert "Ailleurs" not in told_now
