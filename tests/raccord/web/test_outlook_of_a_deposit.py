"""The result of a deposit follows the invoice: it says why it waits as soon as that is known, and what comes of it."""

from __future__ import annotations

from typing import Any

from raccord.domain.roles import Permission, Role


def _deposited(office: Any, number: str) -> tuple[Any, str]:
    person = office.visitor(Role.COMPTABLE)
    file = {"fichiers": (f"{number}.xml", office.invoice(number))}
    person.open("depots").send("/depots", files=file)
    (found,) = office.program(Permission.READ).get("deposits", params={"text": number}).json()["items"]
    return person, found["id"]


def test_the_result_turns_when_the_password_turns_out_to_be_expired(office: Any) -> None:
    connection = office.connect()
    login = office.gateway.connections.get(connection.id).login
    office.simulator.control.expire(login)
    person, deposit = _deposited(office, "F-1")
    assert "Dépôt enregistré" in person.text
    assert f"/depots/{deposit}/suite?tour=1" in person.text
    office.work()
    person.open(f"depots/{deposit}/suite?tour=1")
    assert "Connexion avec Chorus Pro non établie" in person.text
    assert "tour=2" in person.text, "it keeps looking: the invoice leaves by itself later"
    shown = office.program(Permission.READ).get(f"deposits/{deposit}").json()["outlook"]
    assert (shown["code"], shown["waits"]) == ("kept", True)
    assert shown["sentence"]
    assert shown["cure"]


def test_the_result_ends_when_chorus_pro_has_the_invoice(office: Any) -> None:
    office.connect()
    person, deposit = _deposited(office, "F-2")
    office.work()
    person.open(f"depots/{deposit}/suite?tour=9")
    assert "Intégrée dans Chorus Pro" in person.text
    assert "hx-get" not in person.text, "nothing more to look for"
    assert person.open("depots/inconnu/suite").status == 404


def test_suspended_invoices_are_on_the_dashboard_with_their_amount(office: Any) -> None:
    office.connect()
    person, deposit = _deposited(office, "F-3")
    office.work()
    assert "Rien ne vous attend" in person.open("").text
    known = office.gateway.outbox.get(deposit)
    office.simulator.control.status(known.id_facture, "SUSPENDUE", "Il manque le bon de commande")
    office.gateway.follow.refresh(known.connection_id, "cli")
    office.work()
    text = person.open("").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Suspendue : à compléter" in text
    assert "Il manque le bon de commande" in text
    listed = office.program(Permission.READ).get("to-do").json()
    assert (listed["total"], listed["counts"]) == (1, {"complete": 1})
    assert listed["items"][0]["number"] == "F-3"
    assert list(listed["amounts"]) == ["EUR"]
