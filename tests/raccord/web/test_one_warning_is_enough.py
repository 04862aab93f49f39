"""A password that is odd and refused: the page says once what is odd, and once why it was refused."""

from __future__ import annotations

from typing import Any

import pytest

from raccord.domain.roles import Role

PLACE = "/options/parametres/systeme/chorus-pro"
ODD = "Le mot de passe finit par un espace"
REFUSED = "Identifiant ou mot de passe refusé"


@pytest.mark.parametrize("light", ["vert", "rouge"])
def test_what_is_odd_is_said_once(office: Any, light: str) -> None:
    made = office.connect()
    if light == "rouge":
        office.simulator.control.expire(made.login)
        office.gateway.connections.test(made.id, "cli", force=True)
    boss = office.visitor(Role.SUPERVISEUR).open(f"{PLACE.removeprefix('/')}?modifier={made.id}")
    boss.send(f"{PLACE}/{made.id}/mot-de-passe", login=made.login, mot_de_passe="-shvun)en7jks0P ")
    assert boss.text.count(ODD) == 1
    assert boss.text.count(REFUSED) == 1


def test_what_is_odd_in_a_password_that_works_is_said_too(office: Any) -> None:
    made = office.connect()
    office.simulator.control.password(made.login, "« -shvun)en7jks0P ")
    boss = office.visitor(Role.SUPERVISEUR).open(f"{PLACE.removeprefix('/')}?modifier={made.id}")
    boss.send(f"{PLACE}/{made.id}/mot-de-passe", login=made.login, mot_de_passe="« -shvun)en7jks0P ")
    assert "Le nouveau mot de passe est enregistré" in boss.text
    assert boss.text.count(ODD) == 1
