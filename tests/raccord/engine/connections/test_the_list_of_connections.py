"""Connections are created, edited, removed, filled with structures, imported by the file."""

import pytest

from chorus_simulator.seeds import FIRM, TOWN
from raccord.domain.connection import ConnectionModel, EnvironmentName, Light
from raccord.domain.errors import Conflict, Invalid, NotFound
from raccord.domain.requests import ImportOutcome
from raccord.domain.secrets import Secret
from raccord.engine.connections import ConnectionChange, NewConnection, addresses_at
from raccord.engine.connections.importing import read_accounts


def test_production_brings_its_official_addresses(firm):
    made = firm.connections.create(NewConnection("Production", EnvironmentName.PRODUCTION), "cli")
    assert made.addresses.api_url == "https://api.piste.gouv.fr"
    assert made.light is Light.UNKNOWN


def test_a_name_is_taken_once(firm, created):
    with pytest.raises(Conflict, match="CONNEXION_NOM_PRIS"):
        firm.connections.create(NewConnection("Chorus Pro", EnvironmentName.PRODUCTION), "cli")


def test_own_addresses_must_be_given(firm):
    with pytest.raises(Invalid, match="CONNEXION_SANS_ADRESSE"):
        firm.connections.create(NewConnection("Ailleurs", EnvironmentName.CUSTOM), "cli")
    with pytest.raises(Invalid, match="CONNEXION_SANS_NOM"):
        firm.connections.create(NewConnection(" ", EnvironmentName.PRODUCTION), "cli")


def test_a_connection_is_found_by_name_or_identifier(firm, created):
    assert firm.connections.find("Chorus Pro").id == created.id
    assert firm.connections.find(created.id).label == "Chorus Pro"
    with pytest.raises(NotFound, match="CONNEXION_INCONNUE"):
        firm.connections.find("Autre")


def test_an_empty_secret_keeps_the_one_that_is_there(firm, created, town):
    change = ConnectionChange(label="Renommée", client_secret=Secret(""), model=ConnectionModel.HEAVY_CLIENT)
    edited = firm.connections.edit(created.id, change, "user/alice")
    assert (edited.label, edited.model) == ("Renommée", ConnectionModel.HEAVY_CLIENT)
    with firm.vault.open(f"connection/{created.id}/client_secret") as kept:
        assert kept.reveal() == town.application.client_secret


def test_the_old_addresses_are_cured_by_choosing_the_environment_again(firm):
    old = addresses_at("https://oauth.aife.economie.gouv.fr")
    made = firm.connections.create(NewConnection("Vieille", EnvironmentName.PRODUCTION, addresses=old), "cli")
    cured = firm.connections.edit(made.id, ConnectionChange(environment=EnvironmentName.PRODUCTION), "cli")
    assert cured.addresses.token_url == "https://oauth.piste.gouv.fr/api/oauth/token"


def test_a_connection_that_carried_nothing_goes_with_its_secrets(firm, connected):
    firm.connections.discover_structures(connected.id, "cli")
    firm.connections.delete(connected.id, "user/alice")
    assert firm.connections.all() == []
    assert firm.vault.names("connection/") == []


def test_structures_come_with_their_roles(firm, connected):
    found = firm.connections.discover_structures(connected.id, "user/alice")
    assert [(one.siret, one.is_supplier, one.is_recipient) for one in found] == [(FIRM, True, False)]
    assert found[0].id_structure_cpp
    again = firm.connections.discover_structures(connected.id, "user/alice")
    assert [one.id for one in again] == [one.id for one in found]


def test_the_town_receives(firm, created, town):
    application = next(one for one in town.world.applications.values() if one.name == "APP_DEMO_MAIRIE")
    firm.connections.edit(
        created.id,
        ConnectionChange(client_id=application.client_id, client_secret=Secret(application.client_secret)),
        "cli",
    )
    firm.connections.enter_candidate(created.id, town.mairie.login, Secret(town.mairie.password), "cli")
    (mairie,) = firm.connections.discover_structures(created.id, "cli")
    assert (mairie.siret, mairie.is_recipient) == (TOWN, True)


def _file(town, *lines: str) -> bytes:
    return "\r\n".join(("nom;identifiant;mot_de_passe;date_expiration", *lines, "")).encode()


def test_a_dry_run_says_what_would_be_done_and_does_nothing(firm, connected, town):
    data = _file(
        town,
        f"Chorus Pro;{town.firm.login};nouveau)mot;",
        "Lagon;TECH_1_53210987600015@cpro.fr;Lagon)kV-82[qzP;07/08/2027",
        "Sans mot de passe;TECH_X@cpro.fr;;",
        "Date fausse;TECH_Y@cpro.fr;x;2027-08-07",
        "Lagon;TECH_Z@cpro.fr;x;",
    )
    report = firm.connections.import_accounts(data, "user/alice", like="Chorus Pro")
    assert [line.outcome for line in report.lines] == [
        ImportOutcome.UPDATED,
        ImportOutcome.CREATED,
        ImportOutcome.REFUSED,
        ImportOutcome.REFUSED,
        ImportOutcome.REFUSED,
    ]
    assert [line.number for line in report.lines] == [2, 3, 4, 5, 6]
    assert len(firm.connections.all()) == 1
    assert firm.connections.candidate(connected.id) is None
    assert "Lagon)kV" not in repr(report)


def test_an_import_is_tested_by_the_watch_and_replaces_nothing_that_works(firm, connected, town, hours):
    open_to_all = next(one for one in town.world.applications.values() if one.name == "APP_DEMO_CONCENTRATEUR")
    firm.connections.edit(
        connected.id,
        ConnectionChange(client_id=open_to_all.client_id, client_secret=Secret(open_to_all.client_secret)),
        "cli",
    )
    data = _file(
        town,
        f"Chorus Pro;{town.firm.login};ce-nest)pas-lui;",
        "Lagon;TECH_1_53210987600015@cpro.fr;Lagon)kV-82[qzP;",
    )
    report = firm.connections.import_accounts(data, "user/alice", like="Chorus Pro", dry_run=False)
    assert (report.count(ImportOutcome.CREATED), report.count(ImportOutcome.UPDATED)) == (1, 1)
    assert firm.connections.watch() == 2
    assert firm.connections.find("Lagon").light is Light.GREEN
    with firm.vault.open(f"connection/{connected.id}/password") as kept:
        assert kept.reveal() == town.firm.password


def test_a_new_name_needs_a_model(firm, town):
    report = firm.connections.import_accounts(_file(town, "Neuve;TECH_1;x;"), "cli")
    assert report.lines[0].outcome is ImportOutcome.REFUSED
    assert "modèle" in report.lines[0].sentence


@pytest.mark.parametrize("password", ["-shvun)en7jks0P", "a:b[c", "é€ ", "x\ty"])
def test_imported_passwords_are_byte_exact(password: str):
    data = f"nom;identifiant;mot_de_passe\nA;TECH_1;{password}\n".encode()
    (account,) = read_accounts(data)
    assert account.password.reveal() == password


@pytest.mark.parametrize("data", [b"", b"a;b;c\n1;2;3\n", b"\x00\xff"])
def test_another_file_is_refused(data: bytes):
    with pytest.raises(Invalid, match="IMPORT_ILLISIBLE"):
        read_accounts(data)
