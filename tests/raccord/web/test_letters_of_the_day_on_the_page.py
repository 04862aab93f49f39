"""The page of the letters of the day: one's own for anybody, those of others for a Superviseur; a preview first."""

from __future__ import annotations

from typing import Any

from raccord.domain.digests import Side, holders, person
from raccord.domain.roles import Role

PLACE = "/echeances/courriel"


def test_an_accountant_asks_for_her_own_letter_sees_it_and_stops_it(office: Any) -> None:
    visitor = office.visitor(Role.COMPTABLE).open(PLACE[1:])
    me = office.user(Role.COMPTABLE)
    told = visitor.send(PLACE, objet="receptions:", heure="6", geste="apercu").text
    assert "aucune facture en retard ni bientôt due" in told
    assert "comptable@exemple.fr" in told
    assert office.gateway.digests.all() == [], "a preview keeps nothing"
    visitor.open(PLACE[1:]).send(PLACE, objet="deposits:", heure="6", destinataire="role/superviseur", geste="")
    (kept,) = office.gateway.digests.all()
    assert (kept.recipient, kept.side, kept.hour) == (person(me.id), Side.DEPOSITS, 6), "she asks for nobody else"
    visitor.open(PLACE[1:]).send(f"{PLACE}/{kept.id}/arreter")
    assert office.gateway.digests.all() == []


def test_a_superviseur_asks_for_a_role_and_nobody_else_stops_it(office: Any) -> None:
    visitor = office.visitor(Role.SUPERVISEUR).open(PLACE[1:])
    visitor.send(PLACE, objet="receptions:", heure="7", destinataire=holders(Role.COMPTABLE), toujours="oui", geste="")
    (kept,) = office.gateway.digests.all()
    assert (kept.recipient, kept.always) == ("role/comptable", True)
    assert "Comptable" in visitor.open(PLACE[1:]).text
    accountant = office.visitor(Role.COMPTABLE).open(PLACE[1:])
    assert "/arreter" not in accountant.text
    assert "autre personne" in accountant.open(f"{PLACE[1:]}/{kept.id}").text
    assert office.gateway.digests.all() == [kept]


def test_an_hour_that_does_not_exist_is_told_at_its_field(office: Any) -> None:
    visitor = office.visitor(Role.COMPTABLE).open(PLACE[1:])
    assert "entre 0 et 23" in visitor.send(PLACE, objet="receptions:", heure="25", geste="").text
