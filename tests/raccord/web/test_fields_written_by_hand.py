"""What a person, or a form written by somebody else, sends in a field: taken as the page says, told otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.roles import Role

ILLEGIBLE = "Cette date n’est pas lisible"


@pytest.mark.parametrize("shape", ["%Y-%m-%d", "%d/%m/%Y"])
def test_a_day_is_taken_as_browsers_send_it_and_as_the_page_asks_to_type_it(office: Any, shape: str) -> None:
    office.connect()
    visitor = office.visitor(Role.COMPTABLE)
    today = office.hours().astimezone(PARIS).date()
    for place in ("depots", "receptions", "echeances/ecritures"):
        shown = visitor.open(f"{place}?du={today:{shape}}&au={today + timedelta(days=1):{shape}}")
        assert shown.status == 200
        assert ILLEGIBLE not in shown.text, place
        assert ILLEGIBLE in visitor.open(f"{place}?du=31/02/2026").text, place


def test_a_role_or_a_right_that_does_not_exist_gives_the_least(office: Any) -> None:
    visitor = office.visitor(Role.SUPERVISEUR).open("utilisateurs")
    told = visitor.send("/utilisateurs", email="eve@exemple.fr", nom="Eve", role="empereur")
    assert told.status == 200
    (eve,) = [one for one in office.gateway.users.all() if one.email == "eve@exemple.fr"]
    assert eve.role is Role.LECTEUR
    told = visitor.open("cles-api").send("/cles-api", nom="Programme", droits="tout", expire_le="")
    assert ILLEGIBLE not in told.text
    assert not office.gateway.users.keys()
