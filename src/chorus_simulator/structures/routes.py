"""The operations of the Structures API (specifications/api/structures.md, directory.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chorus_simulator import fields, values
from chorus_simulator.operations import OK, Answer, Body, Call, Handler, Operation
from chorus_simulator.parties import Service, Structure
from chorus_simulator.structures import answers
from chorus_simulator.structures.errors import criterion_required, unknown_service, unknown_structure
from chorus_simulator.writing import counters, page_of, paging

BASE = "/cpro/structures/v1"
SPACES = {1: "Factures émises", 7: "Factures reçues", 9: "Factures à valider", 12: "Sollicitations émises"}


def rechercher(call: Call) -> Answer:
    """`rechercher` (api/structures.md §1): public structures, and the account's own; the other private ones only when
    `restreindreStructuresPrivees` is false. Refuses a search without a criterion."""
    wanted = fields.record(call.body, "structure")
    asked = paging(fields.record(call.body, "parametres"))
    fields.choice(call, wanted, "typeIdentifiantStructure", values.TYPES_IDENTIFIANT)
    fields.choice(call, wanted, "typeStructure", values.TYPES_STRUCTURE)
    fields.choice(call, wanted, "statutStructure", ("ACTIF", "INACTIF"))
    if not any(value not in (None, "") for value in wanted.values()):
        raise criterion_required()
    all_private = fields.boolean(call.body, "restreindreStructuresPrivees") is False
    tests, reach = _tests(wanted), call.reach
    found = [
        structure
        for structure in _candidates(call, wanted)
        if all(test(structure) for test in tests)
        and (structure.publique or all_private or structure.idStructureCPP in reach)
    ]
    found.sort(key=lambda s: _column(s, asked.column), reverse=asked.descending and bool(asked.column))
    return {
        **OK,
        "parametresRetour": counters(asked, len(found)),
        "listeStructures": [answers.row(structure) for structure in page_of(found, asked)],
    }


def _candidates(call: Call, wanted: Body) -> Iterable[Structure]:
    identifiant = fields.text(wanted, "identifiantStructure").strip()
    if not identifiant:
        return call.world.structures.values()
    exact = call.world.structure_of(identifiant)
    if exact is not None:
        return [exact]
    return call.world.structures_of_siren(identifiant) if len(identifiant) == len("732829320") else []


EXACT: tuple[tuple[str, Callable[[Structure], str]], ...] = (
    ("typeIdentifiantStructure", lambda s: s.typeIdentifiant),
    ("typeStructure", lambda s: s.structurePriveePublique),
    ("statutStructure", lambda s: "ACTIF" if s.active else "INACTIF"),
    ("adresseCodePays", lambda s: s.adresse.pays),
    ("adresseCodePostal", lambda s: s.adresse.codePostal),
)
INSIDE: tuple[tuple[str, Callable[[Structure], str]], ...] = (
    ("raisonSocialeStructure", lambda s: s.designation),
    ("libelleStructure", lambda s: s.designation),
    ("nomStructure", lambda s: s.nom),
    ("prenomStructure", lambda s: s.prenom),
    ("adresseVille", lambda s: s.adresse.ville),
)
MOA: tuple[tuple[str, Callable[[Structure], bool]], ...] = (
    ("estMOA", lambda s: s.getaMoa),
    ("estMOAUniquement", lambda s: s.estMoaUniquement),
)


Test = Callable[[Structure], bool]


def _tests(wanted: Body) -> list[Test]:
    """One test per criterion given, so that a directory of 200,000 structures is read quickly."""
    exact = [_equal(read, value) for name, read in EXACT if (value := fields.text(wanted, name))]
    inside = [_holds(read, part) for name, read in INSIDE if (part := fields.text(wanted, name).casefold())]
    moa = [_is(flag, asked) for name, flag in MOA if (asked := fields.boolean(wanted, name)) is not None]
    return [*exact, *moa, *inside]


def _equal(read: Callable[[Structure], str], value: str) -> Test:
    return lambda structure: read(structure) == value


def _holds(read: Callable[[Structure], str], part: str) -> Test:
    return lambda structure: part in read(structure).casefold()


def _is(flag: Callable[[Structure], bool], asked: bool) -> Test:
    return lambda structure: flag(structure) is asked


def _column(structure: Structure, column: str) -> str | int:
    values_by_column = {
        "identifiantstructure": structure.identifiant,
        "designationstructure": structure.designation,
        "typeidentifiantstructure": structure.typeIdentifiant,
        "statut": structure.statut,
    }
    return values_by_column.get(column.lower(), structure.idStructureCPP if not column else "")


def visible(call: Call, number: int | None) -> Structure:
    """Any public structure, and the private ones of the account."""
    structure = call.world.structure(number)
    if structure is None or not (structure.publique or structure.idStructureCPP in call.reach):
        raise unknown_structure()
    return structure


def consulter(call: Call) -> Answer:
    """`consulter` (api/structures.md §2); the expiry of the technical password for the account's own structures
    alone."""
    number = fields.number(call.body, "idStructureCPP")
    structure = visible(call, fields.number(call.body, "idStructure") if number is None else number)
    own = structure.idStructureCPP in call.reach
    return {
        **OK,
        "informationGenerales": answers.general(call.world, structure, own=own),
        "adressePostaleDuSiege": answers.address(structure.adresse),
        "parametres": answers.flags(structure),
    }


def rechercher_services(call: Call) -> Answer:
    """`rechercher/services` (api/structures.md §3): closed services too, as the true one lists them."""
    structure = visible(call, fields.needed_number(call.body, "idStructure"))
    asked = paging(fields.record(call.body, "parametresRechercherServicesStructure"))
    found = sorted(structure.services, key=lambda s: _service_column(s, asked.column))
    if asked.column and asked.descending:
        found.reverse()
    return {
        **OK,
        "parametresRetour": counters(asked, len(found)),
        "listeServices": [answers.exposed(service) for service in page_of(found, asked)],
    }


def _service_column(service: Service, column: str) -> tuple[str, int]:
    keys = {
        "codeservice": service.codeService,
        "libelleservice": service.nomService,
        "estactif": str(service.estActif),
    }
    return keys.get(column.lower(), ""), service.idService


def consulter_service(call: Call) -> Answer:
    """`consulter/service` (api/structures.md §4), by both ids."""
    structure = visible(call, fields.needed_number(call.body, "idStructure"))
    number = fields.needed_number(call.body, "idService")
    service = next((one for one in structure.services if one.idService == number), None)
    if service is None:
        raise unknown_service()
    return {
        **OK,
        "informationsGenerales": {
            "codeService": service.codeService,
            "nomService": service.nomService,
            "descriptionService": service.descriptionService,
        },
        "parametres": answers.service_parameters(call.world, service),
        "adressePostale": answers.address(service.adresse),
        "pageCourante": 1,
        "pages": 1,
        "nbResultatsParPage": 10,
        "total": 1,
    }


def lister_rattachements(call: Call) -> Answer:
    """`lister/rattachementsutilisateur` (api/structures.md §5): the services of one of the account's structures."""
    number = fields.number(call.body, "idStructure")
    named = call.world.structure_of(fields.text(call.body, "identifiantStructure"))
    structure = visible(call, named.idStructureCPP if number is None and named else number)
    if structure.idStructureCPP not in call.reach:
        raise unknown_structure()
    asked = paging(fields.record(call.body, "parametresListerRattachementsStructureUtilisateur"))
    rows = [
        {
            "idRattachement": structure.idStructureCPP * 1000 + rank,
            "idService": service.idService,
            "codeService": service.codeService,
            "nomService": service.nomService,
            "statutRattachement": "VALIDEE",
        }
        for rank, service in enumerate(structure.services, 1)
    ]
    return {
        **OK,
        "idStructure": structure.idStructureCPP,
        "identifiantStructure": structure.identifiant,
        "designationStructure": structure.designation,
        "premierService": len(rows) == 1,
        "listeServices": page_of(rows, asked),
        "parametresRetour": counters(asked, len(rows)),
    }


def rechercher_espaces(call: Call) -> Answer:
    """`rechercher/espaces` (api/structures.md §6): the spaces that a structure has opened."""
    wanted = fields.record(call.body, "structure")
    number = fields.number(wanted, "idStructure")
    named = call.world.structure_of(fields.text(wanted, "identifiantStructure"))
    structure = visible(call, named.idStructureCPP if number is None and named else number)
    asked = paging(fields.record(call.body, "parametresRechercherEspaces"))
    rows = [
        {
            "idEspaceFo": structure.idStructureCPP * 100 + code,
            "codeEspace": code,
            "libelleEspace": label,
            "etatCourant": "ACTIVE",
            "typeHabilitation": "MODIFICATION",
        }
        for code, label in SPACES.items()
        if label in structure.espaces
    ]
    return {**OK, "listeEspace": page_of(rows, asked), "parametresRetour": counters(asked, len(rows))}


def _operation(tail: str, handler: Handler, section: int) -> Operation:
    return Operation(f"{BASE}/{tail}", handler, "O", f"api/structures.md §{section}", settles=False)


OPERATIONS = (
    _operation("rechercher", rechercher, 1),
    _operation("consulter", consulter, 2),
    _operation("rechercher/services", rechercher_services, 3),
    _operation("consulter/service", consulter_service, 4),
    _operation("lister/rattachementsutilisateur", lister_rattachements, 5),
    _operation("rechercher/espaces", rechercher_espaces, 6),
)
