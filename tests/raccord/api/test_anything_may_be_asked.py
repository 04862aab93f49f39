"""Whatever is asked, drawn from the description of the API: never a failure of ours, always a problem that says why."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from raccord.domain.roles import Permission


@pytest.mark.journey
def test_no_request_drawn_from_the_description_breaks_the_api(office: Any) -> None:
    office.connect()
    program = office.program(*Permission)
    schema = schemathesis.openapi.from_url(f"{office.url}/api/openapi.json")
    for operation in schema.get_all_operations():
        _play(operation.ok(), office.url, program.headers["Authorization"])


def _play(operation: Any, url: str, authorization: str) -> None:
    @given(case=operation.as_strategy())
    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        answer = case.call(base_url=url, headers={"Authorization": authorization})
        assert answer.status_code < 500 or answer.status_code == 503, (case.formatted_path, answer.text)
        if answer.status_code >= 400 and "/api/v1" in case.formatted_path:
            assert answer.headers["content-type"][0].startswith("application/problem+json"), case.formatted_path
            assert answer.json()["code"]

    ask()
