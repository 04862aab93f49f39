"""Schemathesis walks every operation of both descriptions, with values that fit them and values that do not.

A few thousand cases at each run; RACCORD_CASES asks for more per operation. The last line of the run says how many
were sent.
"""

import os

import schemathesis
from hypothesis import HealthCheck, settings

from chorus_simulator.control import described, routes

FIRM = "45251785100010"
PER_OPERATION = int(os.environ.get("RACCORD_CASES", "8"))
BOUNDED = settings(
    max_examples=PER_OPERATION,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
CPRO = schemathesis.openapi.from_dict(described.cpro())
CONTROL = schemathesis.openapi.from_dict(described.control(routes.ENDPOINTS)).exclude(
    path="/_control/refuse"
)  # closes the port


@CPRO.parametrize()
@BOUNDED
def test_the_api_always_answers_as_described(case, api, sent_cases):
    sent_cases["de l’API"] += 1
    answer = case.call(base_url=f"{api.simulator.base_url}/sandbox", headers=api.headers(FIRM))
    declared = case.operation.definition.raw["responses"]
    assert str(answer.status_code) in declared, (case.path, case.body, answer.status_code, answer.text)
    if answer.status_code == 500:
        assert answer.json()["codeRetour"] == 500, "a traceback, not an answer of the platform"
    if answer.status_code == 200 and declared["200"]["content"]["application/json"]["schema"]:
        assert {"codeRetour", "libelle"} <= set(answer.json())


@CONTROL.parametrize()
@BOUNDED
def test_the_control_room_always_answers_as_described(case, api, sent_cases):
    sent_cases["de la salle de commande"] += 1
    answer = case.call(base_url=f"{api.simulator.base_url}/sandbox")
    assert answer.status_code in (200, 400, 404, 405), (case.path, case.body, answer.text)
    assert answer.status_code in (404, 405) or "application/json" in answer.headers["content-type"][0]
