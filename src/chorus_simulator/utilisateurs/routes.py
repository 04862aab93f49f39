"""The one known operation of the Utilisateurs API (specifications/api/utilisateurs.md)."""

from __future__ import annotations

from chorus_simulator import fields
from chorus_simulator.operations import OK, Answer, Call, Operation
from chorus_simulator.parties import Structure
from chorus_simulator.structures.answers import exposed
from chorus_simulator.writing import counters, page_of, paging


def rattachements(call: Call) -> Answer:
    """The structures of the account; a technical account has the attachments of its main manager."""
    asked = paging(fields.record(call.body, "parametresRecherche"))
    own = call.account.idStructureCPP if call.account else 0
    manager = call.world.main_manager(own)
    roles = {m.idStructureCPP: (m.idRattachement, m.role) for m in (manager.memberships if manager else [])}
    numbers = sorted(call.reach, reverse=asked.descending)
    rows = [
        _row(call.world.structures[number], *roles.get(number, (number, "GESTIONNAIRE_PRINCIPAL")))
        for number in numbers
    ]
    listed = page_of(rows, asked)
    return {**OK, "listeStructureRattachement": listed, "parametresRetour": counters(asked, len(rows))}


def _row(structure: Structure, membership: int, role: str) -> Answer:
    return {
        "idRattachementStructure": membership,
        "idStructure": structure.idStructureCPP,
        "identifiantStructure": structure.identifiant,
        "typeIdentifiantStructure": structure.typeIdentifiant,
        "designationStructure": structure.designation,
        "roleUtilisateur": role,
        "statutRattachementStructure": "VALIDEE",
        "statutUtilisateur": "ACTIF",
        "listeServicesRattache": [
            {
                **exposed(service),
                "idRattachementService": membership * 100 + rank,
                "statutRattachementService": "VALIDEE",
            }
            for rank, service in enumerate(structure.services, 1)
        ],
    }


OPERATIONS = (
    Operation(
        "/cpro/utilisateurs/v1/monCompte/recuperer/rattachements",
        rattachements,
        "C4",
        "api/utilisateurs.md",
        settles=False,
    ),
)
