"""The control room: clock, faults, accounts, invoices, ledger; its errors are French sentences."""

import json
import socket
from urllib.parse import urlsplit

import httpx2
import pytest

from chorus_simulator.pytest_plugin import Control, ControlRefused, start, stop
from chorus_simulator.surface import OPERATIONS

TAUX = "transverses/v1/recuperer/tauxtva"
FIRM, TOWN = "45251785100010", "21970999400017"


def test_the_ledger_remembers_every_deposit_and_counts_every_call(api, invoices):
    first, second = api.deposit(invoices.cii(numero="G-1")), api.deposit(invoices.cii(numero="G-1"))
    api.call(TAUX)
    api.simulator.control.clock(advance=1)
    ledger = api.simulator.control.ledger()
    assert [(d["numeroFlux"], d["numbers"], d["refused"]) for d in ledger["deposits"]] == [
        (first, ["G-1"], []),
        (second, [], ["G-1"]),
    ]
    assert ledger["deposits"][0]["account"] == api.simulator.account(FIRM)["login"]
    assert ledger["calls"]["/cpro/factures/v1/deposer/flux"] == 2
    assert ledger["calls"][f"/cpro/{TAUX}"] == 1
    assert ledger["tokens"] == 1


def test_a_connection_cut_after_the_work_loses_the_answer_not_the_deposit(api, invoices):
    api.simulator.control.fault("reset", "*/deposer/flux", when="after")
    with pytest.raises(httpx2.TransportError):
        api.deposit(invoices.cii(numero="PERDUE-1"))
    api.simulator.control.clock(advance=1)
    assert len(api.simulator.control.factures("PERDUE-1")) == 1


def test_a_connection_cut_before_the_work_leaves_nothing(api, invoices):
    api.simulator.control.fault("reset", "*/deposer/flux", when="before")
    with pytest.raises(httpx2.TransportError):
        api.deposit(invoices.cii(numero="PERDUE-2"))
    api.simulator.control.clock(advance=1)
    assert api.simulator.control.ledger()["deposits"] == []
    api.deposit(invoices.cii(numero="PERDUE-2"))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_silence_ends_in_a_cut_line(api, when):
    api.simulator.control.fault("timeout", f"*/{TAUX}", when=when, seconds=0.05)
    with pytest.raises(httpx2.TransportError):
        api.call(TAUX)
    assert api.call(TAUX).status == 200


@pytest.mark.parametrize(
    ("kind", "status", "kind_of_content"),
    [
        ("500", 500, "text/html"),
        ("502", 502, "text/html"),
        ("503", 503, "text/html"),
        ("maintenance", 503, "text/html"),
        ("403", 403, ""),
        ("401", 401, ""),
        ("429", 429, ""),
    ],
)
def test_bad_answers_of_the_gateway(api, kind, status, kind_of_content):
    api.simulator.control.fault(kind, f"*/{TAUX}", count=2)
    for _ in range(2):
        answer = api.call(TAUX)
        assert answer.status == status
        assert answer.headers.get("content-type", "").startswith(kind_of_content)
    assert api.call(TAUX).status == 200


def test_retry_after_is_there_when_asked(api):
    api.simulator.control.fault("429", f"*/{TAUX}", retry_after=30)
    assert api.call(TAUX).headers["retry-after"] == "30"
    api.simulator.control.fault("429", f"*/{TAUX}")
    assert "retry-after" not in api.call(TAUX).headers


def test_mangled_answers(api):
    api.simulator.control.fault("truncated", f"*/{TAUX}")
    with pytest.raises(json.JSONDecodeError):
        api.call(TAUX)
    api.simulator.control.fault("content_type", f"*/{TAUX}")
    assert api.call(TAUX).headers["content-type"].startswith("text/html")
    api.simulator.control.fault("slow", f"*/{TAUX}", seconds=0.05)
    assert api.call(TAUX).code == 0


def test_degenerate_tokens(api):
    api.simulator.control.fault("degenerate_token")
    assert api.ask_token().json() == {}
    api.simulator.control.fault("token_without_expiry")
    assert "expires_in" not in api.ask_token().json()
    assert api.ask_token().json()["expires_in"] == 3600


def test_a_probability_is_played_again_from_its_seed(api):
    runs = []
    for _ in range(2):
        api.simulator.control.clear_faults()
        api.simulator.control.fault("403", f"*/{TAUX}", probability=0.5, seed=4)
        runs.append([api.call(TAUX).status for _ in range(12)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 403}


def test_the_clock_moves_runs_and_stands(api):
    control = api.simulator.control
    assert control.clock()["now"] == "2026-11-23T11:00:00+00:00"
    assert control.clock(advance=90)["now"] == "2026-11-23T11:01:30+00:00"
    assert control.clock(speed=0, freeze=False)["now"] == control.clock()["now"]
    with pytest.raises(ControlRefused, match="fuseau"):
        control.clock(set="2026-01-01T00:00:00")
    with pytest.raises(ControlRefused, match="négative"):
        control.clock(speed=-1)


def test_reset_brings_the_first_morning_back(api, invoices):
    control = api.simulator.control
    api.integrated(invoices.cii())
    control.expire(api.simulator.account(FIRM)["login"])
    control.switch(recyclage=True)
    control.fault("500", count=None)
    control.reset()
    api._token = ""
    assert api.call(TAUX).status == 200
    assert control.factures() == []
    assert control("GET", "/faults")["waiting"] == []


@pytest.mark.parametrize("jump", [400 * 86_400, 0])
def test_reset_to_an_earlier_hour_leaves_accounts_that_work(api, jump):
    """After a long jump, the accounts of the first morning must not be born in the future of the hour asked for."""
    control = api.simulator.control
    control.clock(freeze=True)
    control.clock(advance=jump)
    control.reset(clock="2026-03-02T09:00:00+01:00")
    api._token = ""
    assert api.call(TAUX).status == 200


def test_invoices_are_made_and_moved_by_hand(api):
    control = api.simulator.control
    (number,) = control.invoices(TOWN, montantHT="12.34", numero="M-1", service="ECOLES", statut="COMPLETEE")
    moved = control.status(number, "MANDATEE", mandat="77")
    assert (moved["statut"], moved["montantTTC"]) == ("MANDATEE", "14.81")
    assert api.history(number) == ["DEPOSEE", "COMPLETEE", "MANDATEE"]


def test_a_new_account_is_born_with_a_mail_and_a_password(api):
    control = api.simulator.control
    made = control("POST", "/accounts", {"siret": FIRM})
    headers = {**api.headers(FIRM), "cpro-account": api.account_header(made["login"], made["password"])}
    assert api.raw(TAUX, b"{}", headers).status == 200
    (mail,) = control.mails()
    assert made["login"] in mail["body"]
    assert made["password"] not in mail["body"]


def test_an_account_too_young_is_refused_until_it_is_active(api):
    control, login = api.simulator.control, api.simulator.account(FIRM)["login"]
    control.switch(activation_minutes=30)
    password = control.password(login)["password"]
    headers = {**api.headers(FIRM), "cpro-account": api.account_header(login, password)}
    assert api.raw(TAUX, b"{}", headers).status == 401
    control.clock(advance=30 * 60)
    assert api.raw(TAUX, b"{}", headers).status == 200


def test_production_is_another_world_under_the_same_clock(api, production, invoices):
    api.integrated(invoices.cii())
    assert Control(api.simulator.base_url, "production").factures() == []
    assert len(api.simulator.control.factures()) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "sentence"),
    [
        ("POST", "/accounts/inconnu/expire", {}, "Compte technique inconnu"),
        ("POST", "/accounts", {"siret": "1"}, "Structure inconnue"),
        ("POST", "/accounts", {}, "« siret »"),
        ("PATCH", "/applications/x", {}, "Application PISTE inconnue"),
        ("PATCH", f"/structures/{TOWN}", {"identifiant": "x"}, "n’est pas modifiable"),
        ("POST", "/factures", {"destinataire": FIRM}, "n’est pas une structure publique"),
        ("POST", "/factures", {"destinataire": TOWN, "count": 0}, "« count »"),
        ("POST", "/factures", {"destinataire": TOWN, "montantHT": "x"}, "« montantHT »"),
        ("POST", "/factures/1/statut", {"statut": "MANDATEE"}, "Facture inconnue"),
        ("POST", "/faults", {"kind": "foudre"}, "Panne inconnue"),
        ("POST", "/faults", {}, "« kind » est obligatoire"),
        ("POST", "/faults", {"kind": "500", "x": 1}, "Champ inconnu"),
        ("PUT", "/switches", {"x": 1}, "Réglage inconnu"),
        ("PUT", "/world", {"persons": 3}, "n’est pas un monde"),
    ],
)
def test_what_cannot_be_done_is_said(api, method, path, body, sentence):
    with pytest.raises(ControlRefused, match=sentence):
        api.simulator.control(method, path, body)


def test_the_description_names_every_endpoint(api):
    described = api.http.get(f"{api.simulator.control_url}openapi.json").json()
    assert described["openapi"] == "3.1.0"
    assert {"/_control/clock", "/_control/faults", "/_control/ledger", "/_control/factures"} <= set(described["paths"])
    assert all("summary" in operation for path in described["paths"].values() for operation in path.values())


def test_the_api_is_described_with_what_it_reads(api):
    described = api.http.get(f"{api.simulator.control_url}cpro-openapi.json").json()
    assert set(described["paths"]) == {operation.path for operation in OPERATIONS}
    asked = described["paths"]["/cpro/factures/v1/traiter/recue"]["post"]["requestBody"]
    read = asked["content"]["application/json"]["schema"]["properties"]
    assert read["idFacture"] == {"type": "integer"}
    assert "SERVICE_FAIT" in read["nouveauStatut"]["enum"]
    assert set(read) == {"idFacture", "nouveauStatut", "motif", "numeroDPMandat"}


def test_a_closed_port_refuses_then_opens_again():
    """Whoever knocks is refused, and a kept connection is cut; afterwards everything is as it was."""
    process, simulator = start()
    kept = httpx2.Client(timeout=60)
    try:
        address = urlsplit(simulator.base_url)
        kept.get(simulator.control_url)
        simulator.control.refuse(3)  # longer than a slow machine sleeps between two knocks
        outcomes = [knock(address)]
        while outcomes[-1] or False not in outcomes:
            outcomes.append(knock(address))
        with pytest.raises(httpx2.TransportError):
            kept.get(simulator.control_url)
        while not knock(address):
            pass
        assert kept.get(simulator.control_url).status_code == 200
    finally:
        kept.close()
        assert stop(process) == 0


def knock(address):
    try:
        socket.create_connection((address.hostname, address.port), timeout=60).close()
    except ConnectionError:
        return False
    return True


def test_the_requests_to_the_support_are_listed(api):
    control = api.simulator.control
    assert control("GET", "/sollicitations") == []
    asked = {"id": 7, "auteur": "a@b.example", "objet": "Accès", "texte": "Merci.", "etat": "ENVOYEE"}
    world = control("GET", "/world")
    control("PUT", "/world", {**world, "sollicitations": [{**asked, "created_at": "2026-11-20T10:00:00Z"}]})
    assert control("GET", "/sollicitations") == [{**asked, "at": "2026-11-20T10:00:00+00:00"}]
