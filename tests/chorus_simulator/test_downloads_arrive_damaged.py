"""The faults of a download: too large, or damaged in one of five ways; for all, or for one invoice."""

import base64
import io
import zipfile

import pytest
from lxml import etree

from chorus_simulator.faults import DAMAGES

TOWN = "21970999400017"
PATH = "factures/v1/telecharger/groupe"


@pytest.fixture
def made(api):
    return api.simulator.control.invoices(TOWN, 3)


def download(api, numbers):
    body = {"format": "PIVOT", "listeFacture": [{"idFacture": number} for number in numbers]}
    return api.call(PATH, body, TOWN)


def test_too_many_at_once(api, made):
    api.simulator.control.fault("too_large", most=2, count=None)
    assert download(api, made).status == 413
    assert download(api, made[:2]).status == 200


def test_one_invoice_is_too_large(api, made):
    api.simulator.control.fault("too_large", facture=made[1], count=None)
    assert [download(api, [number]).status for number in made] == [200, 413, 200]


def test_an_answer_413_to_any_call(api, made):
    api.simulator.control.fault("413", "*/telecharger/groupe")
    answer = download(api, made)
    assert (answer.status, answer.content) == (413, b"")


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_is_one(api, made, damage):
    sound = download(api, made).json["fichierResultat"]
    api.simulator.control.fault("damaged_pivot", damage=damage)
    damaged = download(api, made)
    assert damaged.status == 200
    assert damaged.json["fichierResultat"] != sound
    assert download(api, made).json["fichierResultat"] == sound


def test_base64_that_no_decoder_takes(api, made):
    api.simulator.control.fault("damaged_pivot", damage="base64")
    with pytest.raises(ValueError, match="base64"):
        base64.b64decode(download(api, made).json["fichierResultat"], validate=True)


@pytest.mark.parametrize("damage", ["cut", "noise"])
def test_xml_that_no_parser_takes(api, made, damage):
    api.simulator.control.fault("damaged_pivot", damage=damage)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(base64.b64decode(download(api, made).json["fichierResultat"]))


def test_an_invoice_that_is_not_there(api, made):
    api.simulator.control.fault("damaged_pivot", damage="missing", facture=made[2])
    root = etree.fromstring(base64.b64decode(download(api, made).json["fichierResultat"]))
    assert [int(one.text) for one in root.iter("IdCPRO")] == made[:2]


def test_a_zip_without_its_end(api, made):
    api.simulator.control.switch(pivot_en_zip=True)
    api.simulator.control.fault("damaged_pivot", damage="zip", facture=made[0])
    root = etree.fromstring(base64.b64decode(download(api, made).json["fichierResultat"]))
    first, *others = [base64.b64decode(one.text) for one in root.iter("Contenu")]
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(first))
    assert all(zipfile.is_zipfile(io.BytesIO(one)) for one in others)


def test_it_bears_on_the_invoice_that_it_names(api, made):
    api.simulator.control.fault("damaged_pivot", damage="cut", facture=made[0], count=None)
    etree.fromstring(base64.b64decode(download(api, made[1:]).json["fichierResultat"]))


def test_wrong_words_are_told(api):
    from chorus_simulator.pytest_plugin import ControlRefused

    with pytest.raises(ControlRefused, match="damage"):
        api.simulator.control.fault("damaged_pivot", damage="foudre")
    with pytest.raises(ControlRefused, match="nombres entiers"):
        api.simulator.control.fault("too_large", most="beaucoup")
