"""The REST directory of organisations (specifications/api/organisations.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chorus_simulator import fields
from chorus_simulator.operations import Answer, Call, Operation, Raw
from chorus_simulator.organisations import answers
from chorus_simulator.organisations.errors import DirectoryError, not_found
from chorus_simulator.organisations.search import search
from chorus_simulator.parties import Service, Structure

BASE = "/cpro/organisations/v1"
SIRET = 14


def _visible(call: Call) -> Iterator[Structure]:
    return (s for s in call.world.structures.values() if s.publique or s.idStructureCPP in call.reach)


def _structure(call: Call) -> Structure:
    found = call.world.structures.get(answers.structure_number(call.params["uuid"]))
    if found is None or not (found.publique or found.idStructureCPP in call.reach):
        raise not_found("Structure")
    return found


def _services(call: Call) -> Iterator[tuple[Structure, Service]]:
    return ((owner, service) for owner in _visible(call) for service in owner.services)


def healthcheck(_: Call) -> Raw:
    """`GET healthcheck`: 200, empty body (api/organisations.md)."""
    return Raw(None)


def structure(call: Call) -> Raw:
    """`GET structures/{uuid}`: a public structure, or one of the account's; 400 for any other."""
    return Raw(answers.structure(call.world, _structure(call)))


def services_of(call: Call) -> Raw:
    """`GET structures/{uuid}/services`: a bare array, closed services included."""
    owner = _structure(call)
    return Raw([answers.service(call.world, owner, service) for service in owner.services])


def pieces_of(call: Call) -> Raw:
    """No structure of the simulator publishes attachments: the list is empty."""
    _structure(call)
    return Raw([])


def piece(call: Call) -> Raw:
    """`GET structures/{uuid}/pieces_jointes/{uuidPj}`: never found, since no structure publishes attachments."""
    _structure(call)
    raise not_found("Pièce jointe")


def parametres_edi(call: Call) -> Raw:
    """`PATCH structures/{uuid}/parametres-edi`: 204; each flag is optional. 403 for a structure of others."""
    found = _structure(call)
    if found.idStructureCPP not in call.reach:
        raise DirectoryError(Raw([{"error": "Forbidden"}], 403))
    for name, attribute in (("reception_edi", "recevoirDonneesViaEDI"), ("connexion_edi", "connexionEDI")):
        value = fields.boolean(call.body, name)
        if value is not None:
            setattr(found, attribute, value)
    call.world.touch()
    return Raw(None, 204)


def search_structures(call: Call) -> Raw:
    """`POST structures/recherche`: a bare array. An exact SIRET is looked up, anything else is read through."""
    wanted = call.body.get("identifiant")
    exact = wanted.get("val") if isinstance(wanted, dict) and wanted.get("op") == "=" else None
    one = call.world.structure_of(exact) if isinstance(exact, str) and len(exact) == SIRET else None
    candidates = [s for s in _visible(call) if s is one] if one else _visible(call)
    return Raw(search((answers.structure(call.world, found) for found in candidates), call.body))


def search_siren(call: Call) -> Raw:
    """`POST siren/recherche`: one row per establishment; an invented shape, the true one seems inactive."""
    return Raw(search((_siren(found) for found in _visible(call)), call.body))


def _siren(found: Structure) -> Answer:
    return {"siren": found.siren, "raisonSociale": found.designation, "siret": found.identifiant}


def service(call: Call) -> Raw:
    """`GET services/{uuid}`: a service of a structure that the account may see; 400 for any other."""
    for owner, one in _services(call):
        if answers.service_uuid(owner, one) == call.params["uuid"]:
            return Raw(answers.service(call.world, owner, one))
    raise not_found("Service")


def search_services(call: Call) -> Raw:
    """`POST services/recherche`: a bare array, over every structure that the account may see."""
    return Raw(search((answers.service(call.world, owner, one) for owner, one in _services(call)), call.body))


def create_service(call: Call) -> Raw:
    """In a structure of the account, named by `rattachementOrganisation`."""
    call.params = {"uuid": fields.required(call.body, "rattachementOrganisation")}
    owner = _structure(call)
    if owner.idStructureCPP not in call.reach:
        raise DirectoryError(Raw([{"error": "Forbidden"}], 403))
    code = fields.required(call.body, "codeService", 100)
    if owner.service(code):
        raise DirectoryError(Raw([{"error": "DuplicateReference"}], 400))
    now = call.world.now()
    made = Service(call.world.next_id("service"), code, fields.text(call.body, "libelle", 255) or code)
    made.dateCreation = made.dateModification = made.dateDebutValidite = now
    made.numeroEngagement = bool(fields.boolean(call.body, "numeroEj"))
    owner.services.append(made)
    call.world.touch()
    return Raw(answers.service(call.world, owner, made), 201)


def _guarded(handler: Callable[[Call], Raw]) -> Callable[[Call], Answer | Raw]:
    def guarded(call: Call) -> Raw:
        try:
            return handler(call)
        except DirectoryError as error:
            return error.reply

    return guarded


def _operation(method: str, tail: str, handler: Callable[[Call], Raw], mark: str = "C1", note: str = "") -> Operation:
    return Operation(
        f"{BASE}/{tail}", _guarded(handler), mark, "api/organisations.md", method, settles=False, note=note
    )


OPERATIONS = (
    _operation("GET", "healthcheck", healthcheck),
    _operation("GET", "structures/{uuid}", structure),
    _operation("GET", "structures/{uuid}/services", services_of),
    _operation("GET", "structures/{uuid}/pieces_jointes", pieces_of, note="toujours vide"),
    _operation("GET", "structures/{uuid}/pieces_jointes/{uuidPj}", piece, note="toujours introuvable"),
    _operation("PATCH", "structures/{uuid}/parametres-edi", parametres_edi),
    _operation("POST", "structures/recherche", search_structures, "C2"),
    _operation("GET", "services/{uuid}", service),
    _operation("POST", "services/recherche", search_services),
    _operation("POST", "services", create_service, note="chemin inconnu"),
    _operation("POST", "siren/recherche", search_siren, note="forme inventée"),
)
