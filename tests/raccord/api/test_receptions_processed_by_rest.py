"""A finance program processes receptions by REST: it counts, begins, posts many, shares and comments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from raccord.domain.roles import Permission

TOWN = "21970999400017"


def test_a_program_counts_begins_and_processes_many(office: Any) -> None:
    office.connect(TOWN, "Commune")
    office.simulator.control.invoices(TOWN, 3, service="SERV-TECH")
    office.simulator.control.invoices(TOWN, 2, service="")
    program = office.program(Permission.READ, Permission.PROCESS)
    (structure,) = [one for one in program.get("structures").json() if one["is_recipient"]]
    since = office.hours() - timedelta(days=30)
    backlog = program.get(f"structures/{structure['id']}/backlog", params={"since": str(since.date())}).json()
    assert (backlog["total"], backlog["by_service"]) == (5, {"SERV-TECH": 3, "": 2})
    begin = {"since": since.isoformat(), "services": ["SERV-TECH"]}
    assert program.post(f"structures/{structure['id']}/begin", json=begin).status_code == 200
    office.work(2)

    found = program.get("receptions/search", params={"service": "SERV-TECH"}).json()["items"]
    ids = [one["id"] for one in found]
    assert len(ids) == 3
    steps = [{"target": "SERVICE_FAIT"}, {"target": "MANDATEE", "mandate_number": "B-1"}]
    many = program.post("receptions/statuses", json={"receptions": [*ids, "inconnue"], "statuses": steps})
    assert many.status_code == 202
    assert [(len(one["posts"]), one["code"]) for one in many.json()] == [(2, "")] * 3 + [(0, "RECEPTION_INCONNUE")]
    office.work(2)
    assert {office.gateway.inbox.get(one).platform_status for one in ids} == {"MANDATEE"}

    reasoned = {"target": "REJETEE", "motif_code": "DOUBLE_FACT", "motif": "voir F-12"}
    posted = program.post(f"receptions/{ids[0]}/statuses", json=reasoned).json()
    assert posted["motif"] == "Double facturation : voir F-12"
    assert program.put(f"receptions/{ids[1]}/assignment", json={"service": "Voirie"}).status_code == 204
    mine = program.get("receptions/search", params={"assignee": "Voirie"}).json()["items"]
    assert [one["id"] for one in mine] == [ids[1]]
    assert program.post(f"receptions/{ids[1]}/comments", json={"text": "Vu."}).status_code == 201
    assert [one["text"] for one in program.get(f"receptions/{ids[1]}/comments").json()] == ["Vu."]
    only_reads = office.program(Permission.READ)
    assert only_reads.post(f"receptions/{ids[1]}/comments", json={"text": "Non."}).status_code == 403
