"""What passes through the simulated platform: invoices, flux, commitments, mails, requests to support.

Plain mutable records in the platform's own spelling. Shapes and lengths: specifications/api/factures.md,
life-cycle.md, flux.md. Amounts are `Decimal`, instants aware datetimes in UTC, days `date`. `world.World`
owns the records and their indexes: change a status through its verbs, not here. Who sends and receives
them: `parties`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


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
