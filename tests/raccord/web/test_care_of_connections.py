"""Beside the password: dates typed, accounts by a file, calendars, one application for many, steps by model."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from raccord.domain.connection import ConnectionModel, ExpirySource, Light
from raccord.domain.requests import ConnectionChange
from raccord.domain.roles import Role

FIRM, TOWN = "45251785100010", "21970999400017"
PLACE = "/options/parametres/systeme/chorus-pro"


def _accounts(office: Any) -> bytes:
    town = office.simulator.account(TOWN)
    lines = ["nom;identifiant;mot_de_passe;date_expiration", f"Commune;{town['login']};{town['password']};31/12/2027"]
    return "\r\n".join([*lines, "Sans mot de passe;TECH_1;;"]).encode("cp1252")


def test_a_file_of_accounts_is_tried_first_then_imported_and_each_proves_itself(office: Any) -> None:
    model = office.connect()
    boss = office.visitor(Role.SUPERVISEUR)
    path = PLACE.removeprefix("/") + "/importer"
    file = {"fichier": ("comptes.csv", _accounts(office))}
    boss.open(path).send("/" + path, press=("action", "essayer"), modele=model.id, files=file)
    assert "Essai" in boss.text
    assert office.simulator.account(TOWN)["password"] not in boss.text
    assert len(office.gateway.connections.all()) == 1
    boss.open(path).send("/" + path, press=("action", "importer"), modele=model.id, files=file)
    made = office.gateway.connections.find("Commune")
    office.gateway.connections.watch()  # what the engine does every minute
    assert office.gateway.connections.get(made.id).light is Light.GREEN
    assert "L’identifiant ou le mot de passe manque." in boss.text


def test_the_trial_of_a_file_warns_of_odd_passwords_and_says_which_line_cannot_be_read(office: Any) -> None:
    office.connect()
    boss = office.visitor(Role.SUPERVISEUR)
    path = PLACE.removeprefix("/") + "/importer"
    head = "nom;identifiant;mot_de_passe;date_expiration\n"
    for content, told in (
        ("Entreprise;TECH_1;secret ;\n", "finit par un espace"),
        ('Entreprise;TECH_1;"secret;\nAutre;TECH_2;x;\n', "à la ligne 2"),
        ("", "0 comptes"),
    ):
        file = {"fichier": ("comptes.csv", (head + content).encode())}
        boss.open(path).send("/" + path, press=("action", "essayer"), files=file)
        assert told in boss.text
        assert "secret" not in boss.text.replace("client_secret", "")


def test_the_saved_file_of_the_portal_brings_its_expiry_date(office: Any) -> None:
    made = office.connect()
    account = office.simulator.account(FIRM)
    lines = (f"Identifiant : {account['login']}", f"Mot de passe : {account['password']}")
    for told in ("00/08/2027 08:29:58", "07/08/2027 08:29:58"):
        saved = "\n".join([*lines, f"Date exp. Mot de passe : {told}"]).encode()
        boss = office.visitor(Role.SUPERVISEUR).open(f"{PLACE.removeprefix('/')}?modifier={made.id}")
        boss.send(f"{PLACE}/{made.id}/mot-de-passe", files={"fichier": ("compte.txt", saved)})
        assert boss.status == 200, boss.said()
        assert "Le nouveau mot de passe est enregistré" in boss.text


def test_the_expiry_date_is_typed_alone(office: Any) -> None:
    made = office.connect()
    boss = office.visitor(Role.SUPERVISEUR)
    path = f"{PLACE}/{made.id}/echeance"
    boss.open(f"{PLACE.removeprefix('/')}?modifier={made.id}").send(path, expire_le="2027-01-15")
    kept = office.gateway.connections.get(made.id)
    assert kept.expires_at is not None
    assert kept.expiry_source in (ExpirySource.TYPED, ExpirySource.READ)
    boss.open(f"{PLACE.removeprefix('/')}?modifier={made.id}").send(path, expire_le="demain")
    assert "n’est pas lisible" in boss.text


def test_a_calendar_is_subscribed_to_without_signing_in_and_closed_by_another(office: Any) -> None:
    made = office.connect()
    reader = office.visitor(Role.LECTEUR)
    addresses = []
    for _ in range(2):
        reader.open("profil").send("/profil/calendrier")
        addresses.append(reader.text.partition('id="calendrier">')[2].partition("<")[0])
    old, new = addresses
    assert old != new
    assert httpx2.get(old, timeout=60).status_code == 404
    answer = httpx2.get(new, timeout=60)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert f"UID:echeance-{made.id}@raccord" in answer.text
    office.gateway.users.change_user(office.user(Role.LECTEUR).id, "cli", active=False)
    assert httpx2.get(new, timeout=60).status_code == 404


def test_every_page_warns_of_a_password_that_ends_within_a_month(office: Any) -> None:
    made = office.connect()
    reader = office.visitor(Role.LECTEUR)
    assert "expire bientôt" not in reader.open("depots").text
    left = (made.expires_at - office.hours()).days
    office.hours.pass_by((left - 20) * 86_400)
    reader = office.visitor(Role.LECTEUR)
    for path in ("depots", "journal", "aide"):
        assert "expire bientôt" in reader.open(path).text, path


def test_a_second_connection_shares_the_application_of_the_first(office: Any) -> None:
    first = office.connect()
    boss = office.visitor(Role.SUPERVISEUR)
    boss.open(f"{PLACE.removeprefix('/')}/nouvelle").send(
        f"{PLACE}/nouvelle", nom="Deuxième", environnement="simulator", modele="concentrateur", application=first.id,
        adresse=office.simulator.base_url,
    )  # fmt: skip
    made = office.gateway.connections.find("Deuxième")
    assert made.client_id == first.client_id
    with office.gateway.vault.open(f"connection/{made.id}/client_secret") as kept:
        assert kept.reveal() == office.simulator.application()["client_secret"]


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (ConnectionModel.DIRECT, "Consentement CGU"),
        (ConnectionModel.HEAVY_CLIENT, "Demandez à votre éditeur"),
        (ConnectionModel.CONCENTRATOR, "il ne vous reste que le compte technique"),
    ],
)
def test_the_assistant_hides_the_steps_that_do_not_apply(office: Any, model: ConnectionModel, told: str) -> None:
    boss = office.visitor(Role.SUPERVISEUR)
    path = f"{PLACE.removeprefix('/')}/assistant?demarche=creation"
    assert "Qui porte l’application PISTE" in boss.open(path).text.replace("\u00a0", " ")
    assert told in boss.open(f"{path}&modele={model.value}").text.replace("\u00a0", " ")
    made = office.connect()
    office.gateway.connections.edit(made.id, ConnectionChange(model=model), "cli")
    page = boss.open(path).text.replace("\u00a0", " ")
    assert told in page
    assert ('id="piste"' in page) is (model is not ConnectionModel.CONCENTRATOR)


def test_the_diagnosis_and_the_journal_speak_english_to_whoever_asks(office: Any) -> None:
    made = office.connect()
    office.simulator.control.expire(made.login)
    office.gateway.connections.test(made.id, "cli", force=True)
    boss = office.visitor(Role.SUPERVISEUR)
    office.gateway.users.change_user(office.user(Role.SUPERVISEUR).id, "cli", language="en")
    told = boss.open(f"{PLACE.removeprefix('/')}/{made.id}/diagnostic").text
    assert "technical account" in told
    assert "{login}" not in told, "the facts are filled in in English too"
    assert "Le mot de passe du compte technique" not in told
    assert "Connection created" in boss.open("journal").text
