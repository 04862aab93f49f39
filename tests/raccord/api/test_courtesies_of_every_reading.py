"""Nothing new is not sent again; a page leads to the next; an invoice in another format tells what it lost."""

from __future__ import annotations

import base64
import hashlib
import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urljoin

import pytest

from raccord.domain.roles import Permission
from raccord.formats import read_invoice


@pytest.fixture
def program(office: Any) -> Any:
    """A program that may do everything, beside a connection that works."""
    office.connect()
    return office.program(*Permission)


def test_a_resource_that_has_not_changed_is_not_sent_again(office: Any, program: Any) -> None:
    taken = program.post("deposits", content=office.invoice("F-1")).json()["id"]
    first = program.get(f"deposits/{taken}")
    same = program.get(f"deposits/{taken}", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    tag = first.headers["etag"].removeprefix("W/")
    weak = program.get(f"deposits/{taken}", headers={"If-None-Match": f'"autre", W/{tag}'})
    assert weak.status_code == 304
    office.work()
    changed = program.get(f"deposits/{taken}", headers={"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, changed.json()["state"]) == (200, "integrated")


def test_the_etag_of_a_document_is_its_fingerprint(office: Any, program: Any) -> None:
    data = office.invoice("F-1")
    taken = program.post("deposits", content=data).json()
    answer = program.get(f"deposits/{taken['id']}/original")
    assert answer.headers["etag"] == f'"{hashlib.sha256(data).hexdigest()}"' == f'"{taken["sha256"]}"'
    again = program.get(f"deposits/{taken['id']}/original", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_leads_to_the_next_until_the_last(office: Any, program: Any) -> None:
    for rank in range(5):
        program.post("deposits", content=office.invoice(f"F-{rank}"))
    seen, url = [], "deposits?limit=2&state=ready"
    while url:
        answer = program.get(url)
        seen += [one["number"] for one in answer.json()["items"]]
        link = answer.links.get("next")
        url = urljoin(str(answer.url), link["url"]) if link else ""
        assert bool(link) == bool(answer.json()["next"])
    assert sorted(seen) == [f"F-{rank}" for rank in range(5)]


def test_a_refusal_has_no_etag_and_a_post_none_either(office: Any, program: Any) -> None:
    assert "etag" not in program.get("deposits/inconnu").headers
    assert "etag" not in program.post("checks", content=office.invoice("F-1")).headers


@pytest.mark.parametrize("to", ["cii", "ubl", "facturx", "json"])
def test_an_invoice_is_written_in_another_format(office: Any, program: Any, to: str) -> None:
    made = program.post("conversions", params={"to": to, "filename": "f.xml"}, content=office.invoice("F-1")).json()
    assert read_invoice(base64.b64decode(made["content"]), made["filename"]).number == "F-1"
    assert made["losses"] == []
    assert made["filename"].startswith("f.")


def test_what_does_not_pass_is_listed_one_by_one(office: Any, program: Any) -> None:
    data = office.invoice("F-1")
    rich = data.replace(b"</rsm:ExchangedDocument>", b"<ram:IncludedNote><ram:Content>x</ram:Content><ram:ContentCode>"
                        b"ST3</ram:ContentCode></ram:IncludedNote></rsm:ExchangedDocument>")  # fmt: skip
    assert rich != data
    losses = program.post("conversions", params={"to": "ubl"}, content=rich).json()["losses"]
    assert [(one["before"], one["term"], one["path"].rpartition(".")[2]) for one in losses] == [("ST3", "BG-1", "code")]
    assert "n’a pas été repris" in losses[0]["sentence"]
    unreadable = program.post("conversions", params={"to": "ubl"}, content=b"bonjour")
    assert (unreadable.status_code, unreadable.json()["code"]) == (422, "FICHIER_ILLISIBLE")


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "nulle-part", {}, 404),
        ("DELETE", "deposits", {}, 405),
        ("POST", "webhooks", {"content": b"<a/>", "headers": {"Content-Type": "application/xml"}}, 400),
        ("POST", "webhooks", {"json": {"label": 1}}, 400),
        ("GET", "deposits?limit=zero", {}, 400),
        ("GET", "deposits?limit=100000", {}, 400),
        ("GET", "deposits/inconnu", {}, 404),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(
    program: Any, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    answer = program.request(method, path, **more)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = answer.json()
    assert {"type", "title", "status", "code", "detail"} <= told.keys()
    assert told["status"] == status


def test_a_body_beyond_the_limit_is_refused_before_it_comes(office: Any, program: Any) -> None:
    host, _, port = office.url.removeprefix("http://").partition(":")
    wire = HTTPConnection(host, int(port), timeout=60)
    wire.putrequest("POST", "/api/v1/deposits")
    wire.putheader("Authorization", program.headers["Authorization"])
    wire.putheader("Content-Length", str(10**9))
    wire.endheaders()
    answer = wire.getresponse()
    assert (answer.status, answer.getheader("Content-Type")) == (413, "application/problem+json")
    assert json.loads(answer.read())["code"] == "TROP_VOLUMINEUX"
    wire.close()


def test_the_description_is_a_valid_openapi_document(office: Any) -> None:
    import httpx2
    from openapi_spec_validator import validate

    document = httpx2.get(f"{office.url}/api/openapi.json", timeout=60).json()
    validate(document)
    asked = {"/deposits", "/checks", "/conversions", "/structures", "/directory/structures", "/events", "/webhooks"}
    assert {f"/api/v1{path}" for path in asked} <= document["paths"].keys(), sorted(document["paths"])
    assert json.dumps(document).count('"operationId"') == sum(len(verbs) for verbs in document["paths"].values()), (
        "each operation has its name"
    )
