"""The code lists of the Transverses API, and the statuses that may be set."""

from __future__ import annotations

from decimal import Decimal

from msgspec import field

from choruspro.base import Demande, Objet, Retour
from choruspro.enumerations import (
    CadreFacturation,
    ModeDepot,
    ModePaiement,
    StatutFacture,
    SyntaxeFlux,
    TypeDemandePaiement,
    TypeFactureTravaux,
    TypeIdentifiant,
    TypeObjet,
)

__all__ = [
    "CadrePossible",
    "Devise",
    "EtatPossible",
    "EtatsTraitementParam",
    "FormatFlux",
    "ModeDepotPossible",
    "ModeReglement",
    "MotifExonerationTva",
    "MotifRefus",
    "MotifsRefusParam",
    "Pays",
    "RetourCadreFacturation",
    "RetourDevises",
    "RetourEtatParTypeDP",
    "RetourEtatsTraitement",
    "RetourFormatFlux",
    "RetourModeDepot",
    "RetourModeReglements",
    "RetourMotifsExonerationTva",
    "RetourMotifsRefus",
    "RetourPays",
    "RetourSyntaxeFlux",
    "RetourTauxTva",
    "RetourTypeDP",
    "RetourTypeFactureTravaux",
    "RetourTypeIdentifiant",
    "RetourTypesPJ",
    "StatutPossible",
    "SyntaxeFluxParam",
    "SyntaxeFluxPossible",
    "TauxTva",
    "TypeDP",
    "TypeDemandePaiementParam",
    "TypeFactureTravauxPossible",
    "TypeIdentifiantPossible",
    "TypePieceJointe",
    "TypesPJParam",
]


class Devise(Objet, kw_only=True, frozen=True):
    """A currency (specifications/api/transverses.md §4)."""

    codeDevise: str | None = None  # ISO 4217
    libelleDevise: str | None = None


class RetourDevises(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/devises` (specifications/api/transverses.md §4)."""

    listeDevises: list[Devise] = field(default_factory=list)


class Pays(Objet, kw_only=True, frozen=True):
    """A country (specifications/api/transverses.md §4)."""

    codePays: str | None = None  # ISO 3166
    libellePays: str | None = None


class RetourPays(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/pays` (specifications/api/transverses.md §4)."""

    listePays: list[Pays] = field(default_factory=list)


class TauxTva(Objet, kw_only=True, frozen=True):
    """A VAT rate (specifications/api/transverses.md §4)."""

    codeTauxTva: str | None = None  # TVA5 for instance
    libelleTauxTva: str | None = None
    valeurTauxTva: Decimal | None = None  # percent


class RetourTauxTva(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/tauxtva` (specifications/api/transverses.md §4)."""

    listeTauxTva: list[TauxTva] = field(default_factory=list)


class MotifExonerationTva(Objet, kw_only=True, frozen=True):
    """A reason for VAT exemption (specifications/api/transverses.md §4)."""

    codeMotifExonerationTva: str | None = None
    libelleMotifExonerationTva: str | None = None


class RetourMotifsExonerationTva(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/motifs/exonerationtva` (specifications/api/transverses.md §4)."""

    listeMotifsExonerationTva: list[MotifExonerationTva] = field(default_factory=list)


class ModeReglement(Objet, kw_only=True, frozen=True):
    """A payment mode (specifications/api/transverses.md §4)."""

    modePaiement: ModePaiement | None = None


class RetourModeReglements(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/modereglements` (specifications/api/transverses.md §4)."""

    listeModePaiement: list[ModeReglement] = field(default_factory=list)


class ModeDepotPossible(Objet, kw_only=True, frozen=True):
    """A mode of deposit (specifications/api/transverses.md §4)."""

    modeDepot: ModeDepot | None = None


class RetourModeDepot(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/modedepot` (specifications/api/transverses.md §4)."""

    listeModeDepot: list[ModeDepotPossible] = field(default_factory=list)


class FormatFlux(Objet, kw_only=True, frozen=True):
    """A format of flux, which is no value of `syntaxeFlux` (specifications/api/transverses.md §4)."""

    formatFlux: str | None = None


class RetourFormatFlux(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/formatflux` (specifications/api/transverses.md §4)."""

    listeFormatFlux: list[FormatFlux] = field(default_factory=list)


class SyntaxeFluxParam(Demande, kw_only=True, frozen=True):
    """Request of `recuperer/syntaxeflux` (specifications/api/transverses.md §4)."""

    formatFlux: str | None = None  # presumably


class SyntaxeFluxPossible(Objet, kw_only=True, frozen=True):
    """A syntax of flux (specifications/api/transverses.md §4)."""

    syntaxeFlux: SyntaxeFlux | None = None


class RetourSyntaxeFlux(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/syntaxeflux` (specifications/api/transverses.md §4)."""

    listeSyntaxeFlux: list[SyntaxeFluxPossible] = field(default_factory=list)


class TypeDemandePaiementParam(Demande, kw_only=True, frozen=True):
    """Request of `recuperer/cadrefacturation` and `recuperer/etat/typedp` (specifications/api/transverses.md
    §4, §5).
    """

    typeDemandePaiement: str  # TypeDemandePaiement


class CadrePossible(Objet, kw_only=True, frozen=True):
    """A cadre de facturation (specifications/api/transverses.md §4)."""

    codeCadreFacturation: CadreFacturation | None = None


class RetourCadreFacturation(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/cadrefacturation` (specifications/api/transverses.md §4)."""

    listeCadreFacturation: list[CadrePossible] = field(default_factory=list)


class TypeDP(Objet, kw_only=True, frozen=True):
    """A kind of payment request (specifications/api/transverses.md §4)."""

    typeDemandePaiement: TypeDemandePaiement | None = None


class RetourTypeDP(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/typedp` (specifications/api/transverses.md §4)."""

    listeTypeDemandePaiement: list[TypeDP] = field(default_factory=list)


class TypeFactureTravauxPossible(Objet, kw_only=True, frozen=True):
    """A kind of works document (specifications/api/transverses.md §4)."""

    typeFactureTravaux: TypeFactureTravaux | None = None


class RetourTypeFactureTravaux(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/typefacturetravaux` (specifications/api/transverses.md §4)."""

    listeTypeFactureTravaux: list[TypeFactureTravauxPossible] = field(default_factory=list)


class TypeIdentifiantPossible(Objet, kw_only=True, frozen=True):
    """A type of identifier (specifications/api/transverses.md §4)."""

    typeIdentifiantStructure: TypeIdentifiant | None = None


class RetourTypeIdentifiant(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/typeidentifiant/structure` (specifications/api/transverses.md §4)."""

    listeTypeIdentifiant: list[TypeIdentifiantPossible] = field(default_factory=list)


class MotifsRefusParam(Demande, kw_only=True, frozen=True):
    """Request of `recuperer/motifs/refus/Facture/AValider` (specifications/api/transverses.md §4)."""

    codeCadreFacturationAValider: str  # CadreFacturation


class MotifRefus(Objet, kw_only=True, frozen=True):
    """A reason for refusal by a validator (specifications/api/transverses.md §4)."""

    idMotif: int | None = None
    codeMotif: str | None = None
    libelleMotif: str | None = None


class RetourMotifsRefus(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/motifs/refus/Facture/AValider` (specifications/api/transverses.md §4)."""

    listeMotifRefusFactureAValider: list[MotifRefus] = field(default_factory=list)


class TypesPJParam(Demande, kw_only=True, frozen=True):
    """Request of `recuperer/typespj` (specifications/api/transverses.md §2)."""

    typeObjet: str  # TypeObjet
    codeLangue: str | None = None


class TypePieceJointe(Objet, kw_only=True, frozen=True):
    """A type of attachment (specifications/api/transverses.md §2)."""

    idTypePieceJointe: int | None = None
    codeTypePieceJointe: str | None = None
    libelleTypePieceJointe: str | None = None
    typeObjet: TypeObjet | None = None


class RetourTypesPJ(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/typespj` (specifications/api/transverses.md §2)."""

    listeTypePieceJointe: list[TypePieceJointe] = field(default_factory=list)


class EtatPossible(Objet, kw_only=True, frozen=True):
    """A status that a kind of request may take (specifications/api/transverses.md §5)."""

    etatDemandePaiement: StatutFacture | None = None


class RetourEtatParTypeDP(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/etat/typedp` (specifications/api/transverses.md §5)."""

    listeEtatDemandePaiement: list[EtatPossible] = field(default_factory=list)


class EtatsTraitementParam(Demande, kw_only=True, frozen=True):
    """Request of `recuperer/etats/traitement` (specifications/api/transverses.md §5)."""

    statutCourant: str  # StatutFacture


class StatutPossible(Objet, kw_only=True, frozen=True):
    """A status that the recipient may set (specifications/api/transverses.md §5)."""

    statutPossiblePourTraitement: StatutFacture | None = None


class RetourEtatsTraitement(Retour, kw_only=True, frozen=True):
    """Answer of `recuperer/etats/traitement` (specifications/api/transverses.md §5)."""

    listeStatutsPossiblesPourTraitement: list[StatutPossible] = field(default_factory=list)
