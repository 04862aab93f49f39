"""Public structures, their services, and what an invoice must carry for each: the words of the directory.

Sources: `specifications/directory.md` §3 (flags of a structure), §4 (services), §5 (the rule in five values).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

RESERVED_SERVICE = "FACTURES_PUBLIQUES"
"""Service for titles between public bodies: never offered to a private supplier (specifications/directory.md §4)."""


class Requirement(StrEnum):
    """What a public structure demands on the invoices that it receives."""

    NONE = "aucune"
    SERVICE = "service"
    COMMITMENT = "engagement"
    EITHER = "service-ou-engagement"
    BOTH = "service-et-engagement"

    @property
    def sentence(self) -> str:
        """The requirement, told to the person who fills the invoice."""
        return _SENTENCES[self]

    @property
    def label(self) -> str:
        """The requirement in a few words, for a column."""
        return _LABELS[self]

    def is_met(self, service_code: str, commitment: str) -> bool:
        """Whether an invoice that carries these two (empty when absent) satisfies the requirement."""
        service, engaged = bool(service_code.strip()), bool(commitment.strip())
        return {
            Requirement.NONE: True,
            Requirement.SERVICE: service,
            Requirement.COMMITMENT: engaged,
            Requirement.EITHER: service or engaged,
            Requirement.BOTH: service and engaged,
        }[self]

    def with_commitment(self) -> "Requirement":
        """The same, when the chosen service demands the commitment number besides."""
        return Requirement.BOTH if self in (Requirement.SERVICE, Requirement.BOTH) else Requirement.COMMITMENT


_LABELS = {
    Requirement.NONE: "aucune",
    Requirement.SERVICE: "code service",
    Requirement.COMMITMENT: "engagement",
    Requirement.EITHER: "service ou engagement",
    Requirement.BOTH: "service et engagement",
}
_SENTENCES = {
    Requirement.NONE: "Ni code service ni numéro d’engagement ne sont exigés.",
    Requirement.SERVICE: "Le code service est obligatoire.",
    Requirement.COMMITMENT: "Le numéro d’engagement est obligatoire.",
    Requirement.EITHER: "Le code service ou le numéro d’engagement est obligatoire : indiquez au moins l’un des deux.",
    Requirement.BOTH: "Le code service et le numéro d’engagement sont obligatoires tous les deux.",
}


class DirectorySource(StrEnum):
    """Where what is known of a structure comes from."""

    FILE = "fichier"
    LIVE = "chorus-pro"


@dataclass(frozen=True)
class PublicStructure:
    """A public body that receives invoices, as the directory describes it."""

    siret: str
    """Its identifier: a SIRET, save for the few whose `kind` is RIDET or TAHITI."""
    name: str
    kind: str = "SIRET"
    active: bool = True
    service_required: bool = False
    commitment_required: bool = False
    service_or_commitment: bool = False
    """One of the two suffices; then the two flags above say nothing."""
    payment_reported: bool | None = None
    """Whether MISE_EN_PAIEMENT will be reported; None when the source does not say clearly."""
    sends_edi: bool = False
    receives_edi: bool = False
    works_owner: bool = False
    works_only: bool = False
    address: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "FR"
    id_structure_cpp: int | None = None
    """Known only where Chorus Pro was asked: the public file does not give it."""
    source: DirectorySource = DirectorySource.FILE
    known_at: datetime | None = None
    """When this was read at Chorus Pro, or when the edition was loaded."""


@dataclass(frozen=True)
class PublicService:
    """A service of a public structure, to be named on the invoice by its code."""

    siret: str
    code: str
    name: str
    active: bool = True
    commitment_required: bool | None = False
    """None: Chorus Pro listed the service without saying, and must be asked about this one alone."""
    id_service: int | None = None

    @property
    def reserved(self) -> bool:
        """Whether it serves only for invoices between public bodies."""
        return self.code.strip().upper() == RESERVED_SERVICE


def requirement(structure: PublicStructure, service: PublicService | None = None) -> Requirement:
    """What an invoice to that structure, and to that service when one is chosen, must carry."""
    asked = _of_structure(structure)
    return asked.with_commitment() if service is not None and service.commitment_required else asked


def _of_structure(structure: PublicStructure) -> Requirement:
    if structure.service_or_commitment:
        return Requirement.EITHER
    if structure.service_required:
        return Requirement.BOTH if structure.commitment_required else Requirement.SERVICE
    return Requirement.COMMITMENT if structure.commitment_required else Requirement.NONE


class CommitmentVerdict(StrEnum):
    """What Chorus Pro says of a commitment number."""

    KNOWN = "connu"
    UNKNOWN = "inconnu"
    ELSEWHERE = "autre-structure"
    NOT_CHECKED = "non-verifie"


@dataclass(frozen=True)
class CommitmentCheck:
    """Whether a commitment exists: advice, never a refusal (specifications/api/engagements-juridiques.md §3)."""

    verdict: CommitmentVerdict
    sentence: str
    service_code: str = ""
    """The service that made the commitment, when Chorus Pro tells it."""


@dataclass(frozen=True)
class Edition:
    """One loading of the directory."""

    id: int
    environment: str
    """Which Chorus Pro it describes: production, qualification, simulator… do not know the same structures."""
    origin: str
    """The name of the file, or `chorus-pro`."""
    structures: int
    services: int
    loaded_at: datetime


@dataclass(frozen=True)
class DirectoryStatus:
    """How the local copy fares."""

    current: Edition | None
    failed_at: datetime | None
    """When the last loading failed, None when the last one succeeded."""
    failure: str
    """Why, in a sentence; the copy in use stayed as it was."""
