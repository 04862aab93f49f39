"""From a header and its lines to structures and services, whatever the order and the spelling of the columns.

The header row of the present public edition has not been seen (specifications/directory.md §6): columns are recognised
by name, accents, spaces and case apart; an unknown column is left aside, an absent one takes a harmless value.
Telephone and e-mail are left aside on purpose: nothing here needs them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from raccord.domain.directory import PublicService, PublicStructure
from raccord.store.directory.words import plain

Line = Sequence[str]
Entry = PublicStructure | PublicService

_STRUCTURE_COLUMNS: Mapping[str, str] = {
    "identifiant": "siret",
    "siret": "siret",
    "numerosiret": "siret",
    "numsiret": "siret",
    "siretstructure": "siret",
    "identifiantstructure": "siret",
    "identifiantdestinataire": "siret",
    "typeidentifiant": "kind",
    "typeidentifiantstructure": "kind",
    "raisonsociale": "name",
    "raisonsocialestructure": "name",
    "designation": "name",
    "designationstructure": "name",
    "denomination": "name",
    "nomstructure": "name",
    "libellestructure": "name",
    "nomdestinataire": "name",
    "emetteuredi": "sends_edi",
    "recepteuredi": "receives_edi",
    "gestionengagement": "commitment_required",
    "gestionegmt": "commitment_required",
    "numeroejdoitetrerenseigne": "commitment_required",
    "engagementobligatoire": "commitment_required",
    "gestionservice": "service_required",
    "codeservicedoitetrerenseigne": "service_required",
    "serviceobligatoire": "service_required",
    "gestionserviceengagement": "service_or_commitment",
    "gestionserviceegmt": "service_or_commitment",
    "gestionnumeroejoucodeservice": "service_or_commitment",
    "estmoa": "works_owner",
    "estmoauniquement": "works_only",
    "structureactive": "active",
    "statutstructure": "active",
    "statut": "active",
    "actif": "active",
    "active": "active",
    "adresse": "address",
    "complementadresse1": "address_1",
    "complementadresse2": "address_2",
    "codepostal": "postcode",
    "ville": "town",
    "commune": "town",
    "codepays": "country",
}

_SERVICE_COLUMNS: Mapping[str, str] = {
    "codeservice": "code",
    "codeserviceexecutant": "code",
    "identifiantservice": "code",
    "nomservice": "service_name",
    "libelleservice": "service_name",
    "nomserviceexecutant": "service_name",
    "libelleserviceexecutant": "service_name",
    "serviceactif": "service_active",
    "serviceactive": "service_active",
    "estactif": "service_active",
    "statutservice": "service_active",
    "servicegestionengagement": "service_commitment",
    "servicegestionegmt": "service_commitment",
    "gestionengagementservice": "service_commitment",
    "gestionegmtservice": "service_commitment",
    "numeroengagement": "service_commitment",
    "serviceengagement": "service_commitment",
}

_IN_A_LIST_OF_SERVICES: Mapping[str, str] = {
    "commitment_required": "service_commitment",
    "active": "service_active",
}
"""In a list of services alone, these columns speak of the service."""

_KINDS = {"": "SIRET", "1": "SIRET"}
"""An importer reads the type as a number (specifications/directory.md §6); only 1 is known for sure."""

_NO = frozenset(("", "0", "n", "no", "non", "f", "false", "faux", "inactif", "inactive", "ferme", "fermee", "ko"))


@dataclass(frozen=True)
class Columns:
    """Where each field stands in the lines of one table."""

    places: Mapping[str, int]
    has_structures: bool
    has_services: bool

    def entries(self, line: Line) -> Iterator[Entry]:
        """The structure, the service, or both, that a line tells. Raises `ValueError` for a line without identifier."""
        siret = self._siret(line)
        if self.has_structures:
            yield self._structure(siret, line)
        if self.has_services and self._text(line, "code"):
            yield self._service(siret, line)

    def _siret(self, line: Line) -> str:
        siret = re.sub(r"[\s\u00a0\u202f]", "", self._text(line, "siret"))
        if not siret or len(siret) > 80:
            raise ValueError("no identifier")
        return siret.zfill(14) if siret.isdigit() and 12 <= len(siret) < 14 and self._is_siret(line) else siret

    def _is_siret(self, line: Line) -> bool:
        """A spreadsheet drops the zeros at the head of a SIRET: they are put back, for a SIRET alone."""
        return self._kind(line) == "SIRET"

    def _kind(self, line: Line) -> str:
        kind = self._text(line, "kind").upper()
        return _KINDS.get(kind, kind[:20])

    def _structure(self, siret: str, line: Line) -> PublicStructure:
        address = " ".join(filter(None, (self._text(line, part) for part in ("address", "address_1", "address_2"))))
        return PublicStructure(
            siret=siret,
            name=self._text(line, "name")[:300],
            kind=self._kind(line),
            active=self._flag(line, "active", absent=True),
            service_required=self._flag(line, "service_required"),
            commitment_required=self._flag(line, "commitment_required"),
            service_or_commitment=self._flag(line, "service_or_commitment"),
            sends_edi=self._flag(line, "sends_edi"),
            receives_edi=self._flag(line, "receives_edi"),
            works_owner=self._flag(line, "works_owner"),
            works_only=self._flag(line, "works_only"),
            address=address[:400],
            postcode=self._text(line, "postcode")[:20],
            town=self._text(line, "town")[:120],
            country=self._text(line, "country")[:3].upper() or "FR",
        )

    def _service(self, siret: str, line: Line) -> PublicService:
        return PublicService(
            siret=siret,
            code=self._text(line, "code")[:120],
            name=self._text(line, "service_name")[:300],
            active=self._flag(line, "service_active", absent=True),
            commitment_required=self._flag(line, "service_commitment"),
        )

    def _text(self, line: Line, field: str) -> str:
        place = self.places.get(field)
        return line[place].strip() if place is not None and place < len(line) else ""

    def _flag(self, line: Line, field: str, *, absent: bool = False) -> bool:
        place = self.places.get(field)
        if place is None or place >= len(line):
            return absent
        return _means_yes(line[place])


@lru_cache(maxsize=256)
def _means_yes(text: str) -> bool:
    return plain(text.strip()) not in _NO


def recognise(header: Line) -> Columns | None:
    """The columns of a table of structures, of services or of both; None when it is neither."""
    names = [re.sub(r"[^a-z0-9]", "", plain(cell)) for cell in header]
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        field = _SERVICE_COLUMNS.get(name) or _STRUCTURE_COLUMNS.get(name)
        if field is not None:
            places.setdefault(field, place)
    if "siret" not in places:
        return None
    structures, services = "name" in places, "code" in places
    if services and not structures:
        places = {_IN_A_LIST_OF_SERVICES.get(field, field): place for field, place in places.items()}
    return Columns(places, structures, services) if structures or services else None
