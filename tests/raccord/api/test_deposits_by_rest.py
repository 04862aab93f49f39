"""The life of a deposit for a program: accepted once, faulty with its reasons, followed, listed page by page."""

from __future__ import annotations

from typing import Any

import pytest

from raccord.domain.roles import Permission

ALL = (Permission.READ, Permission.DEPOSIT, Permission.PROCESS, Permission.CONFIGURE)


@pytest.fixture
def program(office: Any) -> Any:
    """A program that may do everything, beside a connection that works."""
    office.connect()
    return office.program(*ALL)


def test_the_same_key_gives_the_same_deposit(office: Any, program: Any) -> None:
    data = office.invoice("F-2026-1")
    first = program.post("deposits", content=data, params={"filename": "f.xml"}, headers={"Idempotency-Key": "k1"})
    again = program.post("deposits", files={"file": ("f.xml", data)}, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["idempotent-replayed"] == "true"
    assert first.headers["location"] == f"/api/v1/deposits/{first.json()['id']}"
    other = program.post("deposits", content=office.invoice("F-2026-2"), headers={"Idempotency-Key": "k1"})
    assert other.status_code == 409
    assert other.headers["content-type"] == "application/problem+json"
    assert other.json()["code"] == "DEPOT_CLE_REUTILISEE"


def test_an_amount_stays_exact_and_a_deposit_reaches_its_payment(office: Any, program: Any) -> None:
    data = office.invoice("F-2026-3", "ubl")
    taken = program.post("deposits", content=data).json()
    assert isinstance(taken["amount_total"], str)
    assert taken["amount_total"] == f"{office.gateway.outbox.get(taken['id']).amount_total:.2f}"
    office.work()
    seen = program.get(f"deposits/{taken['id']}").json()
    assert seen["state"] == "integrated"
    office.simulator.control.status(seen["id_facture"], "MISE_EN_PAIEMENT")
    office.work(turns=10, seconds=600)
    paid = program.get(f"deposits/{taken['id']}").json()["platform_status"]
    assert (paid["code"], paid["label"], paid["afnor"]) == (
        "MISE_EN_PAIEMENT",
        "Mise en paiement",
        "211 Paiement transmis",
    )
    kinds = [event["kind"] for event in program.get(f"deposits/{taken['id']}/events").json()]
    assert kinds[0] == "deposit.accepted"
    assert program.get(f"deposits/{taken['id']}/original").content == data


def test_a_faulty_invoice_is_kept_with_its_reasons_and_not_sent(office: Any, program: Any) -> None:
    data = office.invoice("F-2026-4").replace(b"21970999400017", b"2197099940001X")
    answer = program.post("deposits", content=data, params={"filename": "f.xml"})
    told = answer.json()
    assert answer.status_code == 422
    assert told["code"] == "DEPOT_A_CORRIGER"
    assert told["deposit"]["state"] == "faulty"
    assert any(fault["severity"] == "error" and fault["cure"] for fault in told["faults"])
    office.work(turns=2)
    assert office.simulator.control.ledger()["deposits"] == []


def test_checks_keep_nothing(office: Any, program: Any) -> None:
    good = program.post("checks", content=office.invoice("F-2026-5")).json()
    bad = program.post("checks", content=b"bonjour", params={"filename": "note.txt"}).json()
    assert (good["sendable"], good["number"]) == (True, "F-2026-5")
    assert (bad["sendable"], bad["number"]) == (False, "")
    assert bad["faults"][0]["sentence"]
    assert program.get("deposits").json()["items"] == []


def test_a_list_is_read_page_by_page_without_missing_or_repeating(office: Any, program: Any) -> None:
    for number in range(5):
        program.post("deposits", content=office.invoice(f"F-2026-{number}"))
    seen: list[str] = []
    after = ""
    while True:
        page = program.get("deposits", params={"limit": 2, "after": after}).json()
        seen += [one["number"] for one in page["items"]]
        after = page["next"]
        if not after:
            break
    assert sorted(seen) == [f"F-2026-{number}" for number in range(5)]
    assert program.get("deposits", params={"text": "2026-3"}).json()["items"][0]["number"] == "F-2026-3"
    assert program.get("deposits", params={"state": "integrated"}).json()["items"] == []


def test_a_deposit_is_cancelled_before_it_leaves_and_not_after(office: Any, program: Any) -> None:
    waiting = program.post("deposits", content=office.invoice("F-2026-6")).json()["id"]
    assert program.post(f"deposits/{waiting}/cancel").json()["state"] == "cancelled"
    sent = program.post("deposits", content=office.invoice("F-2026-7")).json()["id"]
    office.work()
    late = program.post(f"deposits/{sent}/cancel")
    assert (late.status_code, late.json()["code"]) == (409, "DEPOT_NON_ANNULABLE")


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "deposits/rien", {}, 404, "DEPOT_INCONNU"),
        ("POST", "deposits", {"content": b""}, 422, "FICHIER_ABSENT"),
        ("POST", "deposits", {"content": b"bonjour"}, 422, "FICHIER_ILLISIBLE"),
        ("POST", "deposits", {"content": b"<a/>", "params": {"connection": "inconnue"}}, 404, "CONNEXION_INCONNUE"),
        ("GET", "deposits", {"params": {"limit": "beaucoup"}}, 400, "DEMANDE_ILLISIBLE"),
        ("GET", "deposits", {"params": {"after": "n’importe"}}, 422, "PAGE_INCONNUE"),
        ("GET", "nulle-part", {}, 404, "CHEMIN_INCONNU"),
        ("DELETE", "deposits", {}, 405, "METHODE_NON_PERMISE"),
        ("POST", "receptions/rien/statuses", {"json": {"target": "MANDATEE"}}, 404, "RECEPTION_INCONNUE"),
        ("POST", "receptions/rien/statuses", {"json": {"but": 1}}, 400, "DEMANDE_ILLISIBLE"),
        ("POST", "receptions/rien/statuses", {"content": b"{"}, 400, "DEMANDE_ILLISIBLE"),
    ],
)
def test_what_goes_wrong_is_a_problem_with_a_code(
    program: Any, method: str, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    answer = program.request(method, path, **options)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_without_a_key_nothing_opens(office: Any) -> None:
    stranger = office.program(Permission.READ)
    stranger.headers["Authorization"] = "Bearer rac_faux_faux"
    answer = stranger.get("deposits")
    assert (answer.status_code, answer.json()["code"]) == (401, "CLE_ABSENTE")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_description_of_the_api_is_public_and_whole(office: Any, program: Any) -> None:
    description = office.visitor().http.get(f"{office.url}/api/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    operations = [one for path in description["paths"].values() for one in path.values()]
    assert len(operations) > 20
    assert all(operation.get("description") for operation in operations)
