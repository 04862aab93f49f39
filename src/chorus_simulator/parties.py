"""Who is on the simulated platform: structures, people, technical accounts, PISTE applications.

Plain mutable records in the platform's own spelling. Shapes and lengths: specifications/api/structures.md,
directory.md, technical-accounts.md. Instants are aware, in UTC. `world.World` owns the records and their
indexes: change a password or a structure through its verbs, not here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

GESTIONNAIRE_PRINCIPAL = "GESTIONNAIRE_PRINCIPAL"
UTILISATEUR = "UTILISATEUR"
ESPACE_RECUES = "Factures reçues"
ESPACE_A_VALIDER = "Factures à valider"
ESPACE_EMISES = "Factures émises"
ESPACE_SOLLICITATIONS = "Sollicitations émises"
FAMILIES = (
    "factures",
    "structures",
    "transverses",
    "utilisateurs",
    "facturesTravaux",
    "engagementsJuridiques",
    "organisations",
)


@dataclass(slots=True)
class Adresse:
    """A postal address; `pays` is the ISO code of two letters (api/structures.md, AdressePostale)."""

    adresse: str = ""
    complementAdresse1: str = ""
    complementAdresse2: str = ""
    codePostal: str = ""
    ville: str = ""
    pays: str = "FR"
    telephone: str = ""
    fax: str = ""


@dataclass(slots=True)
class Service:
    """A service of a public structure; `numeroEngagement` demands a commitment number for it alone."""

    idService: int
    codeService: str
    nomService: str
    descriptionService: str = ""
    estActif: bool = True
    numeroEngagement: bool = False
    miseEnPaiement: bool = True
    dateDebutValidite: datetime | None = None
    dateFinValidite: datetime | None = None
    dateCreation: datetime | None = None
    dateModification: datetime | None = None
    adresse: Adresse = field(default_factory=Adresse)


@dataclass(slots=True)
class CompteBancaire:
    """A bank account; its id is the `codeCoordonneesBancairesFournisseur` of `soumettre` (api/transverses.md §3)."""

    idCoordonneeBancaire: int
    nomCoordonneeBancaire: str
    iban: str
    bic: str = ""


@dataclass(slots=True)
class Structure:
    """A supplier (`PRIVEE`) or a public body (`PUBLIQUE`). `titulaires`: the structures that validate what this
    one invoices as a subcontractor (A9) or co-contractor (A12); `marches`: the MOE of each works contract of a
    recipient, by its number. Flags: specifications/directory.md §3."""

    idStructureCPP: int
    identifiant: str
    designation: str
    structurePriveePublique: str = "PRIVEE"
    typeIdentifiant: str = "SIRET"
    statut: str = "ACTIVE"
    numeroTVA: str = ""
    numeroRcs: str = ""
    email: str = ""
    nom: str = ""
    prenom: str = ""
    codeServiceDoitEtreRenseigne: bool = False
    numeroEJDoitEtreRenseigne: bool = False
    gestionNumeroEJOuCodeService: bool = False
    statutMiseEnPaiementNestPasRemonte: bool = False
    getaMoa: bool = False
    estMoaUniquement: bool = False
    connexionEDI: bool = False
    recevoirDonneesViaEDI: bool = False
    estValideurDelegue: bool = False
    nonDiffusibleInsee: bool = False
    adresse: Adresse = field(default_factory=Adresse)
    services: list[Service] = field(default_factory=list)
    comptes: list[CompteBancaire] = field(default_factory=list)
    espaces: list[str] = field(default_factory=list)
    titulaires: list[int] = field(default_factory=list)
    marches: dict[str, int] = field(default_factory=dict)
    derniereMaj: datetime | None = None

    @property
    def siren(self) -> str:
        """The first nine characters of the identifier: the SIREN, when it is a SIRET."""
        return self.identifiant[:9]

    def service(self, code: str) -> Service | None:
        """Its service of this code, closed or not; None for an unknown or empty code."""
        return next((service for service in self.services if service.codeService == code), None)

    @property
    def publique(self) -> bool:
        """Whether it receives invoices as a public body."""
        return self.structurePriveePublique == "PUBLIQUE"

    @property
    def active(self) -> bool:
        """Whether invoices may still name it."""
        return self.statut == "ACTIVE"


@dataclass(slots=True)
class Membership:
    """The attachment (« rattachement ») of a person to a structure."""

    idRattachement: int
    idStructureCPP: int
    role: str = UTILISATEUR
    statut: str = "VALIDEE"


@dataclass(slots=True)
class Person:
    """A human user of the portal, known by `login`, an e-mail address."""

    idUtilisateur: int
    login: str
    password: str = field(repr=False)
    nom: str
    prenom: str
    contact: str = ""
    adresse: Adresse = field(default_factory=Adresse)
    memberships: list[Membership] = field(default_factory=list)
    state: str = "ACTIF"
    langue: str = "FR"
    notifications: bool = True
    created_at: datetime | None = None
    reactivated_at: datetime | None = None
    deactivated_at: datetime | None = None
    modified_at: datetime | None = None
    last_login: datetime | None = None
    failures: int = 0
    locked_until: datetime | None = None

    @property
    def civil_name(self) -> str:
        """First name then name, as the screens greet."""
        return f"{self.prenom} {self.nom}".strip()


@dataclass(slots=True)
class TechnicalAccount:
    """What calls the API for a structure; `candidates` are passwords shown on a reset form and not submitted."""

    login: str
    password: str = field(repr=False)
    idStructureCPP: int
    contact: str = ""
    state: str = "ACTIF"
    created_at: datetime | None = None
    modified_at: datetime | None = None
    active_from: datetime | None = None
    expires_at: datetime | None = None
    failures: int = 0
    locked_until: datetime | None = None
    candidates: list[str] = field(default_factory=list, repr=False)


@dataclass(slots=True)
class PisteApplication:
    """An application of the PISTE portal. `subscribed` and `cgu` hold families of APIs; `raccordements` the
    structures for which the connection was declared, None meaning « all » (model of the concentrator)."""

    client_id: str
    client_secret: str = field(repr=False)
    name: str
    environment: str = "sandbox"
    active: bool = True
    subscribed: set[str] = field(default_factory=lambda: set(FAMILIES))
    cgu: set[str] = field(default_factory=lambda: set(FAMILIES))
    raccordements: set[int] | None = None
