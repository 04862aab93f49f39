"""Each recorded answer of the specifications reads as one thing to do (specifications/errors.md §3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from choruspro import Busy, ChorusProError, CredentialsRefused, Refused, Surprising, TooLarge

DEPOT = "/cpro/factures/v1/deposer/flux"
RECUES = "/cpro/factures/v1/rechercher/recipiendaire"
TRAITER = "/cpro/factures/v1/traiter/recue"
TRAVAUX = "/cpro/facturesTravaux/v1/rechercher"
FICHIER = "/cpro/transverses/v1/ajouter/fichier"


def deposit(chorus: Any) -> Any:
    return chorus.factures.deposer_flux(fichierFlux=b"<x/>", nomFichier="F1.xml", syntaxeFlux="IN_DP_E1_CII_16B")


def search(chorus: Any) -> Any:
    return chorus.factures.rechercher_recipiendaire()


def failure(face: Any, question: Callable[[Any], Any]) -> Any:
    with pytest.raises(ChorusProError) as caught:
        face.ask(question)
    return caught.value


def test_a_deposit_answers_with_its_number(face: Any, desk: Any, reply: Any) -> None:
    content = {
        "codeRetour": 0,
        "libelle": "GCU_MSG_01_000",
        "numeroFluxDepot": "CPP0011106000000000000042",
        "dateDepot": "2026-11-21",
        "syntaxeFlux": "IN_DP_E1_CII_16B",
        "champNouveau": {"inconnu": [1]},
    }
    desk.answers(DEPOT, reply(body=content))
    answer = face.ask(deposit)
    assert (answer.numeroFluxDepot, answer.dateDepot.isoformat()) == ("CPP0011106000000000000042", "2026-11-21")


@pytest.mark.parametrize("status", [200, 400])
def test_a_code_other_than_zero_is_a_refusal_on_200_and_on_400(face: Any, desk: Any, reply: Any, status: int) -> None:
    content = {"codeRetour": 20002, "libelle": "Incohérence au niveau du statut d'origine ou de destination."}
    desk.answers(TRAITER, reply(status, content, {"x-piste-request-id": "req-1"}))
    error = failure(face, lambda chorus: chorus.factures.traiter_recue(idFacture=7, nouveauStatut="MANDATEE"))
    assert type(error) is Refused
    assert (error.operation, error.http_status, error.code_retour) == ("factures/traiter/recue", status, 20002)
    assert error.libelle == content["libelle"]
    assert error.request_id == "req-1"
    assert not error.effect_unknown
    assert content["libelle"] in str(error)


def test_nothing_found_is_an_empty_list(face: Any, desk: Any, reply: Any) -> None:
    desk.answers(RECUES, reply(body={"codeRetour": 20000, "libelle": "TRA_MSG_00.015"}))
    desk.answers(TRAVAUX, reply(body={"codeRetour": 20007, "libelle": "GFT_MSG_01.075"}))
    assert face.ask(search).listeFactures == []
    works = face.ask(lambda chorus: chorus.factures_travaux.rechercher(roleUtilisateur="MOA"))
    assert works.listeFacturesTravaux == []


def test_the_same_number_under_another_label_is_a_refusal(face: Any, desk: Any, reply: Any) -> None:
    """Codes are numbered per service: the label decides."""
    desk.answers(RECUES, reply(body={"codeRetour": 20000, "libelle": "GDP_MSG_11.008 : inconnue du système"}))
    assert type(failure(face, search)) is Refused


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ('Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"', b""),
        ("", b'{"codeRetour":401,"libelle":"Impossible d\'authentifier l\'utilisateur dans le LDAP."}'),
    ],
)
def test_both_recordings_of_a_refused_account(face: Any, desk: Any, reply: Any, header: str, body: bytes) -> None:
    desk.answers(DEPOT, reply(401, body, {"WWW-Authenticate": header} if header else {}))
    error = failure(face, deposit)
    assert isinstance(error, CredentialsRefused)
    assert error.which == "technical-account"
    assert not error.effect_unknown
    assert len(desk.calls(DEPOT)) == 1


def test_an_empty_403_is_an_access_to_open(face: Any, desk: Any, reply: Any) -> None:
    desk.answers(DEPOT, reply(403))
    error = failure(face, deposit)
    assert isinstance(error, CredentialsRefused)
    assert error.which == "access"


def test_a_403_that_speaks_is_not_the_gateway(face: Any, desk: Any, reply: Any) -> None:
    desk.answers(DEPOT, reply(403, "<html>Zscaler: site bloqué</html>", {"Content-Type": "text/html"}))
    error = failure(face, deposit)
    assert type(error) is Surprising
    assert "Zscaler" in error.evidence.body


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_html_5xx_may_have_done_the_work(face: Any, desk: Any, reply: Any, status: int) -> None:
    page = reply(status, "<html>Bad gateway</html>", {"Content-Type": "text/html", "Retry-After": "120"})
    desk.answers(DEPOT, page)
    desk.answers(RECUES, page)
    error = failure(face, deposit)
    assert isinstance(error, Busy)
    assert (error.retry_after, error.effect_unknown) == (120.0, True)
    assert not failure(face, search).effect_unknown


def test_a_quota_has_done_nothing_and_says_when_to_come_back(
    new_face: Callable[..., Any], desk: Any, reply: Any
) -> None:
    now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    desk.answers(DEPOT, reply(429, headers={"Retry-After": "Sat, 21 Nov 2026 10:05:00 GMT"}))
    error = failure(new_face(clock=lambda: now), deposit)
    assert isinstance(error, Busy)
    assert (error.retry_after, error.effect_unknown) == (300.0, False)


@pytest.mark.parametrize("value", ["", "soon", "-1", "٣"])
def test_an_unreadable_retry_after_is_left_out(face: Any, desk: Any, reply: Any, value: str) -> None:
    encoded = value.encode("utf-8").decode("latin-1")
    desk.answers(DEPOT, reply(429, headers={"Retry-After": encoded}))
    assert failure(face, deposit).retry_after is None


def test_a_maintenance_page_is_not_a_surprise(face: Any, desk: Any, reply: Any) -> None:
    page = "<html><h1>Chorus Pro est en cours de maintenance</h1></html>"
    desk.answers(RECUES, reply(200, page, {"Content-Type": "text/html"}))
    assert isinstance(failure(face, search), Busy)


def test_an_internal_error_may_have_done_the_work(face: Any, desk: Any, reply: Any) -> None:
    desk.answers(DEPOT, reply(500, "oops"))
    error = failure(face, deposit)
    assert type(error) is Surprising
    assert error.effect_unknown


def test_an_internal_error_that_carries_a_code_is_a_refusal(face: Any, desk: Any, reply: Any) -> None:
    desk.answers(DEPOT, reply(500, {"codeRetour": 20013, "libelle": "montants"}))
    assert type(failure(face, deposit)) is Refused


@pytest.mark.parametrize(
    ("path", "answer", "question"),
    [
        (DEPOT, (413, b""), deposit),
        (DEPOT, (200, {"codeRetour": 20001, "libelle": "GDP_MSG_11.022"}), deposit),
        (DEPOT, (400, {"codeRetour": 20001, "libelle": "La taille du fichier dépasse la limite"}), deposit),
        (
            FICHIER,
            (200, {"codeRetour": 20003, "libelle": ""}),
            lambda chorus: chorus.transverses.ajouter_fichier(
                pieceJointeFichier=b"x",
                pieceJointeNom="a.pdf",
                pieceJointeTypeMime="application/pdf",
                pieceJointeExtension="pdf",
            ),
        ),
    ],
)
def test_a_size_is_told_from_other_refusals(
    face: Any, desk: Any, reply: Any, path: str, answer: tuple[int, Any], question: Callable[[Any], Any]
) -> None:
    desk.answers(path, reply(*answer))
    error = failure(face, question)
    assert isinstance(error, TooLarge)
    assert isinstance(error, Refused)
    assert error.code == "too-large"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b'{"codeRetour": 0, "libelle"'),
        (200, b"{}"),
        (200, b""),
        (200, b'{"codeRetour": null, "libelle": null}'),
        (200, b"\xff\xfe"),
        (200, b"[1, 2]"),
        (302, b""),
        (404, b""),
        (405, b""),
        (415, b""),
        (400, b""),
    ],
)
def test_an_answer_outside_the_documents_is_kept_whole(
    face: Any, desk: Any, reply: Any, status: int, body: bytes
) -> None:
    desk.answers(DEPOT, reply(status, body, {"Location": "http://portail/"} if status == 302 else {}))
    error = failure(face, deposit)
    assert type(error) is Surprising
    assert error.http_status == error.evidence.http_status == status
    assert error.evidence.body == body.decode("utf-8", "replace")
    assert error.effect_unknown == (status == 200)


def test_a_stripped_bearer_shows_its_header(face: Any, desk: Any, reply: Any) -> None:
    header = 'Bearer realm="DefaultRealm", error="invalid_request", error_description="Unable to find token"'
    desk.answers(DEPOT, reply(400, headers={"WWW-Authenticate": header}))
    error = failure(face, deposit)
    assert type(error) is Surprising
    assert error.evidence.headers["www-authenticate"] == header


def test_the_pdf_deposit_needs_no_envelope(face: Any, desk: Any, reply: Any) -> None:
    """Its definition declares no codeRetour (specifications/api/factures.md §2)."""
    desk.answers("/cpro/factures/v1/deposer/pdf", reply(body={"pieceJointeId": 28093, "montantTVA": None}))
    answer = face.ask(
        lambda chorus: chorus.factures.deposer_pdf(
            fichierFacture=b"%PDF", nomFichier="a.pdf", formatDepot="PDF_NON_SIGNE"
        )
    )
    assert (answer.pieceJointeId, answer.montantTVA, answer.codeRetour) == (28093, None, None)


def test_the_directory_of_organisations_refuses_in_its_own_way(face: Any, desk: Any, reply: Any) -> None:
    desk.answers("/cpro/organisations/v1/structures/a%2Fb", reply(400, [{"error": "NotFoundReference"}]))
    error = failure(face, lambda chorus: chorus.organisations.structure(uuid="a/b"))
    assert type(error) is Refused
    assert error.libelle == "NotFoundReference"
