"""What the simulated platform remembers: plain mutable records, in the platform's own spelling.

Shapes and lengths: specifications/api/structures.md, factures.md, life-cycle.md, technical-accounts.md.
Amounts are `Decimal`, instants aware datetimes in UTC, days `date`. `world.World` owns the records and
their indexes: change a status, a password or a structure through its verbs, not here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

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


@dataclass(slots=True)
class HistoStatut:
    """One status of an invoice: who gave it, when and why."""

    statut: str
    quand: datetime
    commentaire: str = ""
    nom: str = ""
    prenom: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(slots=True)
class HistoAction:
    """What somebody did with an invoice, such as a download; `code` as in api/factures.md,
    HistoriqueActionUtilisateur."""

    code: str
    quand: datetime
    nom: str = ""
    prenom: str = ""
    email: str = ""


@dataclass(slots=True)
class Evenement:
    """A complementary event, told in a sentence (api/factures.md, HistoriqueEvenement)."""

    libelle: str
    qui: str
    quand: datetime


@dataclass(slots=True)
class LigneTva:
    """A line of the VAT summary: rate in percent, base and tax in the currency; `code` when the platform's code was
    given."""

    taux: Decimal
    base: Decimal
    montant: Decimal
    code: str = ""


@dataclass(slots=True)
class LignePoste:
    """A line of an invoice; amounts before tax. `taux` in percent, None when only `codeTaux` is known or neither is."""

    numero: int
    denomination: str
    reference: str = ""
    quantite: Decimal = Decimal(1)
    unite: str = ""
    prixUnitaireHT: Decimal = Decimal(0)
    remiseHT: Decimal = Decimal(0)
    montantHT: Decimal = Decimal(0)
    taux: Decimal | None = None
    codeTaux: str = ""


@dataclass(slots=True)
class Blob:
    """Where bytes lie in the spool: `spool.Spool.read(blob)`."""

    offset: int
    size: int


@dataclass(slots=True)
class PieceJointe:
    """A file of an account, a structure or an invoice. `type_pj`: `01` main, `02` complementary (recipient.md §3)."""

    id: int
    nom: str
    mime: str
    blob: Blob
    type_pj: str = "02"
    code_type: str = "DOCUMENT_ANNEXE"
    designation: str = ""
    categorie: str = ""
    proprietaire: str = ""
    idLiaison: int = 0
    numeroLigne: int | None = None

    @property
    def extension(self) -> str:
        """In lower case without the dot; empty when the name has none."""
        return self.nom.rpartition(".")[2].lower() if "." in self.nom else ""


@dataclass(slots=True)
class Facture:
    """A payment request. `historique` is oldest first; its last entry is the present status. `idValideur1` and
    `idValideur2` are structures; `par` is the login of the account or person that brought it in."""

    id: int
    numero: str
    idFournisseur: int
    idDestinataire: int
    dateFacture: date
    dateDepot: datetime
    montantHT: Decimal
    montantTVA: Decimal
    montantTTC: Decimal
    montantAPayer: Decimal
    historique: list[HistoStatut] = field(default_factory=list)
    typeDemandePaiement: str = "FACTURE"
    typeFacture: str = "FACTURE"
    typeFactureTravaux: str | None = None
    cadre: str = "A1"
    devise: str = "EUR"
    modeDepot: str = "UPLOAD_API"
    numeroFluxDepot: str | None = None
    typeTva: str = "TVA_SUR_DEBIT"
    motifExoneration: str = ""
    modePaiement: str = "VIREMENT"
    iban: str = ""
    numeroMarche: str = ""
    numeroBonCommande: str = ""
    numeroFactureOrigine: str = ""
    codeService: str = ""
    dateLivraison: date | None = None
    dateEcheance: date | None = None
    idValideur1: int | None = None
    idValideur2: int | None = None
    dateValidation1: date | None = None
    dateValidation2: date | None = None
    idMoe: int | None = None
    idMoa: int | None = None
    tvas: list[LigneTva] = field(default_factory=list)
    lignes: list[LignePoste] = field(default_factory=list)
    pieces: list[PieceJointe] = field(default_factory=list)
    actions: list[HistoAction] = field(default_factory=list)
    evenements: list[Evenement] = field(default_factory=list)
    commentaire: str = ""
    numeroDPMandat: str = ""
    telechargee: bool = False
    rejetTraite: bool = False
    empreinte: str = ""
    par: str = ""

    @property
    def statut(self) -> str:
        """The code of the present status (life-cycle.md §1). Raises `IndexError` before the first."""
        return self.historique[-1].statut

    @property
    def etat_depuis(self) -> datetime:
        """When the present status was given, aware: the date that delta searches compare."""
        return self.historique[-1].quand

    @property
    def etat_commentaire(self) -> str:
        """The motif or comment of the present status, empty when none was given."""
        return self.historique[-1].commentaire


@dataclass(slots=True)
class ErreurDP:
    """Why one invoice of a flux was refused (flux.md §5); `numeroDP` is the supplier's number."""

    numeroDP: str
    libelle: str
    identifiantFournisseur: str = ""
    identifiantDestinataire: str = ""


@dataclass(slots=True)
class ErreurTechnique:
    """Why a whole flux cannot be taken (flux.md §5)."""

    code: str
    libelle: str
    nature: str = "BLOQUANTE"


@dataclass(slots=True)
class Flux:
    """What one `deposer/flux` brought. `etapes` are (state, when) in order, the final state left out until the
    content has been judged; `due` is when it will have been."""

    numero: str
    syntaxe: str
    nomFichier: str
    interface: str
    blob: Blob
    par: str
    dateDepot: datetime
    due: datetime
    etapes: list[tuple[str, datetime]] = field(default_factory=list)
    final: str | None = None
    factures: list[int] = field(default_factory=list)
    erreurs: list[ErreurDP] = field(default_factory=list)
    techniques: list[ErreurTechnique] = field(default_factory=list)


@dataclass(slots=True)
class Mail:
    """A message that would have left the platform; `personnel` marks the ones holding a password."""

    to: str
    subject: str
    body: str = field(repr=False)
    sent_at: datetime
    personnel: bool = False


@dataclass(slots=True)
class Sollicitation:
    """A request to support, from the portal."""

    id: int
    auteur: str
    objet: str
    texte: str
    etat: str
    created_at: datetime
    categorie: str = ""


@dataclass(slots=True)
class Actualite:
    """A piece of news on the home page."""

    titre: str
    texte: str
    published_at: datetime


@dataclass(slots=True)
class Engagement:
    """A commitment that a public body published (engagements-juridiques.md)."""

    id: int
    numero: str
    idEmetteur: int
    idRecepteur: int
    montantTtc: Decimal
    dateNotification: date
    codeService: str = ""
    numeroMarche: str = ""
    etat: str = "COMMANDE"
    devise: str = "EUR"
