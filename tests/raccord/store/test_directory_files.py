"""The directory is read from whatever file it comes in, or refused with a sentence."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.directory import PublicService, PublicStructure
from raccord.domain.errors import Invalid
from raccord.store.directory.files import Tally, read
from raccord.store.directory.sample import generate, write_csv

HEADER = (
    "TypeIdentifiant;Identifiant;RaisonSociale;EmetteurEdi;RecepteurEdi;GestionStatutMiseEnPaiement;GestionEngagement;"
    "GestionService;GestionServiceEngagement;EstMOA;EstMOAUniquement;StructureActive;Adresse;ComplementAdresse1;"
    "ComplementAdresse2;CodePostal;Ville;NumTelephone;Courriel;CodePays;LibellePays"
)
LINE = (
    "SIRET;99900000100017;COMMUNE D'ÉVRY-FICTIF;false;true;true;true;false;false;false;false;true;1 place de la Mairie;"
    "Bât. A;;99001;ÉVRY-FICTIF;0100000000;mairie@exemple.invalid;FR;FRANCE"
)
TOWN = PublicStructure(
    siret="99900000100017",
    name="COMMUNE D'ÉVRY-FICTIF",
    commitment_required=True,
    receives_edi=True,
    address="1 place de la Mairie Bât. A",
    postcode="99001",
    town="ÉVRY-FICTIF",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_columns_of_the_public_file_are_read_in_any_encoding(encoding: str, end: str) -> None:
    assert list(read(f"{HEADER}{end}{LINE}{end}".encode(encoding))) == [TOWN]


def test_columns_are_known_by_name_whatever_their_order_and_spelling() -> None:
    text = "Ville,Raison sociale,Structure_Active,Gestion Service,inconnu,N° SIRET,Numéro SIRET\n"
    text += "SONGE,CCAS DE SONGE,Inactif,Oui,x,,999 000 001 00017\n"
    (found,) = read(text.encode())
    assert found == PublicStructure(
        "99900000100017", "CCAS DE SONGE", active=False, service_required=True, town="SONGE"
    )


def test_a_title_above_the_header_is_passed_over() -> None:
    assert list(read(f"Annuaire au 16/11/2026\n\n{HEADER}\n{LINE}\n".encode())) == [TOWN]


def test_a_list_of_services_is_read_beside_that_of_structures() -> None:
    text = "Identifiant;CodeService;NomService;GestionEngagement;ServiceActif\n"
    text += "99900000100017;FIN-01;Finances;true;false\n99900000100017;TECH;Technique;false;true\n"
    assert list(read(text.encode())) == [
        PublicService("99900000100017", "FIN-01", "Finances", active=False, commitment_required=True),
        PublicService("99900000100017", "TECH", "Technique"),
    ]


def test_a_table_of_both_tells_the_structure_and_its_service() -> None:
    text = "Identifiant;RaisonSociale;CodeService;NomService\n99900000100017;VAL;A;Achats\n99900000100025;MONT;;\n"
    kinds = [type(entry).__name__ for entry in read(text.encode())]
    assert kinds == ["PublicStructure", "PublicService", "PublicStructure"]


def test_the_zeros_that_a_spreadsheet_dropped_are_put_back() -> None:
    (found,) = read(b"Identifiant;RaisonSociale\n1234567800017;VAL\n")
    assert isinstance(found, PublicStructure)
    assert found.siret == "01234567800017"


def test_an_identifier_that_is_no_siret_is_kept_as_it_is() -> None:
    (found,) = read(b"TypeIdentifiant;Identifiant;RaisonSociale\nRIDET;123456789012;PROVINCE\n")
    assert isinstance(found, PublicStructure)
    assert (found.kind, found.siret) == ("RIDET", "123456789012")


def test_lines_without_identifier_are_counted_and_left_aside() -> None:
    tally = Tally()
    found = list(read(f"{HEADER}\n{LINE}\nSIRET;;SANS NUMÉRO\n;;\n{LINE[:30]}\n".encode(), tally))
    assert (len(found), tally.understood, tally.lost) == (2, 2, 1)


def _workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_gives_its_sheets_its_numbers_and_its_holes() -> None:
    data = _workbook(
        [["Lisez-moi"], ["Annuaire"]],
        [["Identifiant", "RaisonSociale", "Ville", "StructureActive"], [99900000100017, "VAL", None, True]],
        [["Identifiant", "CodeService", "NomService"], ["99900000100017", "A", "Achats"]],
    )
    assert list(read(data)) == [
        PublicStructure("99900000100017", "VAL"),
        PublicService("99900000100017", "A", "Achats"),
    ]


XML = """<?xml version="1.0" encoding="UTF-8"?>
<ann:Annuaire xmlns:ann="urn:exemple"><ann:Structures>
<ann:Structure><ann:Identification><ann:TypeIdentifiant>SIRET</ann:TypeIdentifiant>
<ann:Identifiant>99900000100017</ann:Identifiant></ann:Identification><ann:RaisonSociale>VAL</ann:RaisonSociale>
<ann:GestionService>true</ann:GestionService><ann:Adresse><ann:CodePostal>99001</ann:CodePostal></ann:Adresse>
<ann:Services><ann:Service><ann:CodeService>A</ann:CodeService><ann:NomService>Achats</ann:NomService>
<ann:GestionEngagement>true</ann:GestionEngagement></ann:Service>
<ann:Service><ann:CodeService>B</ann:CodeService></ann:Service></ann:Services></ann:Structure>
<ann:Structure><ann:Identifiant>99900000100025</ann:Identifiant><ann:RaisonSociale>MONT</ann:RaisonSociale></ann:Structure>
</ann:Structures></ann:Annuaire>"""


def test_xml_is_understood_by_the_names_of_its_elements() -> None:
    assert list(read(XML.encode())) == [
        PublicStructure("99900000100017", "VAL", service_required=True, postcode="99001"),
        PublicService("99900000100017", "A", "Achats", commitment_required=True),
        PublicService("99900000100017", "B", ""),
        PublicStructure("99900000100025", "MONT"),
    ]


def _zip(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xml", "zip"])
def test_an_archive_gives_what_is_inside(kind: str) -> None:
    text = b"Identifiant;RaisonSociale\n99900000100017;VAL\n"
    inside = {
        "csv": text,
        "xlsx": _workbook([["Identifiant", "RaisonSociale"], ["99900000100017", "VAL"]]),
        "xml": b"<A><S><Identifiant>99900000100017</Identifiant><RaisonSociale>VAL</RaisonSociale></S></A>",
        "zip": _zip(annuaire=text),
    }[kind]
    assert list(read(_zip(**{f"annuaire.{kind}": inside}))) == [PublicStructure("99900000100017", "VAL")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "ANNUAIRE_COLONNES"),
        (b"bonjour", "ANNUAIRE_COLONNES"),
        (b"Nom;Ville\nVAL;SONGE\n", "ANNUAIRE_COLONNES"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "ANNUAIRE_ILLISIBLE"),
        (b"PK\x03\x04 cut short", "ANNUAIRE_ILLISIBLE"),
        (b"<A><S><Identifiant>1", "ANNUAIRE_ILLISIBLE"),
        (_zip(vide=b"a;b\n1;2\n"), "ANNUAIRE_COLONNES"),
        (_workbook([["rien"]]), "ANNUAIRE_COLONNES"),
    ],
)
def test_what_is_not_a_directory_is_refused_with_what_to_do(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        list(read(data))
    assert refusal.value.code == code
    assert refusal.value.cure


def test_an_archive_cut_anywhere_is_refused_or_told_apart() -> None:
    whole = _workbook([["Identifiant", "RaisonSociale"]] + [[f"{n:014d}", f"VAL {n}"] for n in range(200)])
    for cut in range(1, len(whole), max(1, len(whole) // 25)):
        with pytest.raises(Invalid):
            list(read(whole[:cut]))


def _outcome(data: bytes) -> list[object] | str:
    """What was read, or the code of the refusal."""
    try:
        return list(read(data))
    except Invalid as refusal:
        return refusal.code


REFUSALS = ("ANNUAIRE_ILLISIBLE", "ANNUAIRE_COLONNES")


def test_an_entity_bomb_unfolds_into_nothing() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "boum"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
    line = "<A><S><Identifiant>99900000100017</Identifiant><RaisonSociale>&y;</RaisonSociale></S></A>"
    assert "boum" not in repr(_outcome(f"{bomb}{line}".encode()))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    outcome = _outcome(data)
    assert isinstance(outcome, list) or outcome in REFUSALS


@given(st.text(st.characters(exclude_characters="\0"), max_size=200))
def test_any_text_under_a_good_header_is_read_or_left_aside(text: str) -> None:
    for entry in read(f"{HEADER}\n{text}\n".encode("utf-8", "replace")):
        assert entry.siret


def test_a_generated_sample_survives_its_own_file(tmp_path: Path) -> None:
    entries = list(generate(300, seed=7))
    write_csv(iter(entries), tmp_path / "structures.csv", tmp_path / "services.csv")
    again = [*read(tmp_path / "structures.csv"), *read(tmp_path / "services.csv")]
    assert sorted(again, key=repr) == sorted(entries, key=repr)


def test_the_same_seed_gives_the_same_sample() -> None:
    assert list(generate(50, seed=3)) == list(generate(50, seed=3)) != list(generate(50, seed=4))
