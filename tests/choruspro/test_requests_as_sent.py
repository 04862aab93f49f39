"""A request travels as the platform's documents write it: its path, its headers, its exact body."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choruspro.base import encode
from choruspro.enumerations import StatutFacture, SyntaxeFlux
from choruspro.models.factures_depot import SoumettreFactureMontantTotal
from choruspro.models.factures_recues import IdFactureInput, RechercherFactureRecipiendaireParam
from choruspro.models.organisations import Critere
from choruspro.models.structures import RechercherStructureInput

OK = {"codeRetour": 0, "libelle": "TRA_MSG_00.000"}


def test_a_deposit_is_one_post_with_both_proofs(face: Any, desk: Any, reply: Any) -> None:
    desk.answers("/cpro/factures/v1/deposer/flux", reply(body=OK))
    content = bytes(range(256)) * 10
    face.ask(
        lambda chorus: chorus.factures.deposer_flux(
            fichierFlux=content, nomFichier="lot é.tar.gz", syntaxeFlux=SyntaxeFlux.IN_DP_E2_CII_FACTURX
        )
    )
    (asked,) = desk.calls("/cpro/factures/v1/deposer/flux")
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/json;charset=utf-8"
    assert asked.headers["authorization"] == "Bearer bearer-number-1"
    assert asked.headers["content-length"] == str(len(asked.body))
    assert asked.json == {
        "fichierFlux": base64.b64encode(content).decode(),
        "nomFichier": "lot é.tar.gz",
        "syntaxeFlux": "IN_DP_E2_CII_FACTURX",
        "avecSignature": False,
    }


def test_a_large_file_travels_whole(face: Any, desk: Any, reply: Any) -> None:
    desk.answers("/cpro/factures/v1/deposer/flux", reply(body=OK))
    content = b"0123456789abcdef" * 200_000
    face.ask(lambda chorus: chorus.factures.deposer_flux(fichierFlux=content, nomFichier="a", syntaxeFlux="b"))
    (asked,) = desk.calls("/cpro/factures/v1/deposer/flux")
    assert base64.b64decode(asked.json["fichierFlux"]) == content
    assert "transfer-encoding" not in asked.headers


def test_nothing_to_say_is_an_empty_object(face: Any, desk: Any, reply: Any) -> None:
    path = "/cpro/transverses/v1/recuperer/structures/actives/destinataire"
    desk.answers(path, reply(body=OK))
    face.ask(lambda chorus: chorus.transverses.recuperer_structures_actives_destinataire())
    assert desk.calls(path)[0].body == b"{}"


def test_the_health_check_is_the_only_get(face: Any, desk: Any, reply: Any) -> None:
    desk.answers("/cpro/transverses/v1/health-check", reply(body={"statusCodeValue": 200, "statusCode": "OK"}))
    answer = face.ask(lambda chorus: chorus.transverses.health_check())
    (asked,) = desk.calls("/cpro/transverses/v1/health-check")
    assert (asked.method, asked.body, answer.statusCodeValue) == ("GET", b"", 200)


def test_an_empty_motif_is_sent_and_never_null(face: Any, desk: Any, reply: Any) -> None:
    """specifications/quirks.md trap 19."""
    desk.answers("/cpro/factures/v1/traiter/recue", reply(body=OK))
    face.ask(lambda chorus: chorus.factures.traiter_recue(idFacture=1, nouveauStatut=StatutFacture.SERVICE_FAIT))
    assert desk.calls("/cpro/factures/v1/traiter/recue")[0].json == {
        "idFacture": 1,
        "nouveauStatut": "SERVICE_FAIT",
        "motif": "",
    }


def test_a_request_already_built_may_be_sent(face: Any, desk: Any, reply: Any) -> None:
    from choruspro.models.factures_recues import TelechargerGroupeFactureParam

    desk.answers("/cpro/factures/v1/telecharger/groupe", reply(body=OK | {"fichierResultat": "PFBpdm90Lz4="}))
    request = TelechargerGroupeFactureParam(format="PIVOT", listeFacture=[IdFactureInput(idFacture=9)])
    assert face.ask(lambda chorus: chorus.factures.telecharger_groupe.send(request)).fichierResultat == b"<Pivot/>"
    assert desk.calls("/cpro/factures/v1/telecharger/groupe")[0].json == {
        "format": "PIVOT",
        "listeFacture": [{"idFacture": 9}],
    }


def test_days_are_days_and_instants_are_utc_with_milliseconds() -> None:
    paris = timezone(timedelta(hours=1))
    request = RechercherFactureRecipiendaireParam(
        periodeDateDepotDu=date(2026, 11, 1),
        periodeDateHeureEtatCourantDu=datetime(2026, 11, 21, 11, 0, 0, 123456, tzinfo=paris),
        periodeDateHeureEtatCourantAu=date(2026, 11, 21),
    )
    assert encode(request) == (
        b'{"periodeDateDepotDu":"2026-11-01","periodeDateHeureEtatCourantDu":"2026-11-21T10:00:00.123Z",'
        b'"periodeDateHeureEtatCourantAu":"2026-11-21"}'
    )


def test_an_instant_without_zone_is_refused_before_sending(face: Any, desk: Any) -> None:
    naive = datetime(2026, 11, 21, 11, 0, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="fuseau"):
        face.ask(lambda chorus: chorus.factures.rechercher_recipiendaire(periodeDateHeureEtatCourantDu=naive))
    assert desk.asked == []


@given(amount=st.decimals(-(10**13), 10**13, places=6, allow_nan=False))
def test_amounts_are_exact_json_numbers(amount: Decimal) -> None:
    body = encode(SoumettreFactureMontantTotal(montantTtcTotal=amount))
    assert Decimal(body.decode().removeprefix('{"montantTtcTotal":').removesuffix("}")) == amount


def test_a_path_that_this_release_does_not_know_can_be_called(face: Any, desk: Any, reply: Any) -> None:
    body = '{"codeRetour": 0, "libelle": "", "factureTravaux": {"montantTTC": 1481.40}}'
    desk.answers("/cpro/facturesTravaux/v1/consulter", reply(body=body))
    answer = face.ask(lambda chorus: chorus.call("facturesTravaux/consulter", {"idFacture": 4}, writes=False))
    assert str(answer["factureTravaux"]["montantTTC"]) == "1481.40"
    assert desk.calls("/cpro/facturesTravaux/v1/consulter")[0].json == {"idFacture": 4}
    with pytest.raises(ValueError, match="famille"):
        face.ask(lambda chorus: chorus.call("consulter", {}))


def test_the_directory_of_organisations_is_plain_rest(face: Any, desk: Any, reply: Any) -> None:
    base = "/cpro/organisations/v1"
    desk.answers(f"{base}/structures/recherche", reply(body=[{"uuid": "u1", "derniereMaj": "1978-05-10T06:06:06Z"}]))
    desk.answers(f"{base}/structures/u1/parametres-edi", reply(204))
    desk.answers(f"{base}/structures/u1/services", reply(body=[{"uuid": "s1", "numeroEj": True}]))
    criteria = {"identifiant": Critere(op="=", val="12345678200051")}
    found = face.ask(lambda chorus: chorus.organisations.structures_recherche(criteres=criteria, tri=["uuid"]))
    face.ask(lambda chorus: chorus.organisations.structure_parametres_edi(uuid=found[0].uuid, reception_edi=False))
    (service,) = face.ask(lambda chorus: chorus.organisations.structure_services(uuid="u1"))
    assert service.numeroEj
    search, change, read = desk.asked[1:]
    assert search.json == {"identifiant": {"op": "=", "val": "12345678200051"}, "_sort": ["uuid"]}
    assert (change.method, change.json) == ("PATCH", {"reception_edi": False})
    assert (read.method, read.body) == ("GET", b"")


def test_a_structure_is_searched_by_its_siret(face: Any, desk: Any, reply: Any) -> None:
    desk.answers("/cpro/structures/v1/rechercher", reply(body=OK))
    criteria = RechercherStructureInput(identifiantStructure="11000201100044", typeIdentifiantStructure="SIRET")
    face.ask(lambda chorus: chorus.structures.rechercher(structure=criteria))
    assert desk.calls("/cpro/structures/v1/rechercher")[0].json == {
        "structure": {"identifiantStructure": "11000201100044", "typeIdentifiantStructure": "SIRET"}
    }
