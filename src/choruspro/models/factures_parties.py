"""The parties of an invoice: supplier, recipient, factor, with addresses and bank accounts."""

from __future__ import annotations

from choruspro.base import Objet
from choruspro.enumerations import OuiNon, TypeCoordBancaire, TypeIdentifiant

__all__ = ["Affactureur", "Destinataire", "DestinataireFactureEmise", "Fournisseur", "FournisseurFactureEmise"]


class Affactureur(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    affactureurId: int | None = None
    affactureurCode: str | None = None
    affactureurTypeIdentifiant: TypeIdentifiant | None = None
    affactureurRaisonSociale: str | None = None
    affactureurCodePays: str | None = None


class Fournisseur(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    idFournisseur: int | None = None
    typeIdentifiantFournisseur: TypeIdentifiant | None = None
    codeFournisseur: str | None = None  # ≤ 18
    designationFournisseur: str | None = None
    idServiceFournisseur: int | None = None
    codeServiceFournisseur: str | None = None  # ≤ 100
    libelleServiceFournisseur: str | None = None
    adresseFournisseurId: int | None = None
    adresseFournisseurDetail: str | None = None
    adresseFournisseurComplement1: str | None = None
    adresseFournisseurComplement2: str | None = None
    adresseFournisseurCodePostal: str | None = None
    adresseFournisseurVille: str | None = None
    adresseFournisseurCodePays: str | None = None
    adresseFournisseurLibellePays: str | None = None
    numeroRcsFournisseur: str | None = None
    coordBancairesFournisseurCleIban: str | None = None
    coordBancairesFournisseurCleRib: str | None = None
    coordBancairesFournisseurCodeBanque: str | None = None
    coordBancairesCodeGuichet: str | None = None
    coordBancairesBicSwift: str | None = None
    coordBancairesFournisseurCodePays: str | None = None
    coordBancairesFournisseurCompteBancaire: str | None = None
    coordBancairesFournisseurId: int | None = None
    coordBancairesFournisseurType: TypeCoordBancaire | None = None
    coordBancairesFournisseurLibelle: str | None = None
    affactureur: Affactureur | None = None


class FournisseurFactureEmise(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    idFournisseur: int | None = None
    typeIdentifiantFournisseur: TypeIdentifiant | None = None
    codeFournisseur: str | None = None  # ≤ 18
    raisonSocialeFournisseur: str | None = None
    nomFournisseur: str | None = None
    prenomFournisseur: str | None = None
    idServiceFournisseur: int | None = None
    codeServiceFournisseur: str | None = None  # ≤ 100
    libelleServiceFournisseur: str | None = None
    adresseFournisseurId: int | None = None
    adresseFournisseurDetail: str | None = None
    adresseFournisseurComplement1: str | None = None
    adresseFournisseurComplement2: str | None = None
    adresseFournisseurCodePostal: str | None = None
    adresseFournisseurVille: str | None = None
    adresseFournisseurCodePays: str | None = None
    adresseFournisseurLibellePays: str | None = None
    numeroRcsFournisseur: str | None = None
    coordBancairesFournisseurCleIban: str | None = None
    coordBancairesFournisseurCleRib: str | None = None
    coordBancairesFournisseurCodeBanque: str | None = None
    coordBancairesCodeGuichet: str | None = None
    coordBancairesBicSwift: str | None = None
    coordBancairesFournisseurCodePays: str | None = None
    coordBancairesFournisseurCompteBancaire: str | None = None
    coordBancairesFournisseurId: int | None = None
    coordBancairesFournisseurType: TypeCoordBancaire | None = None
    coordBancairesFournisseurLibelle: str | None = None
    affactureur: Affactureur | None = None
    designationFournisseur: str | None = None


class Destinataire(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    destinataireEtat: OuiNon | None = None
    idDestinataire: int | None = None
    codeDestinataire: str | None = None  # SIRET, ≤ 14
    libelleDestinataire: str | None = None
    idServiceExecutant: int | None = None
    codeServiceExecutant: str | None = None  # ≤ 100
    libelleServiceExecutant: str | None = None
    adresseDestinataireId: int | None = None
    adresseDestinataireDetail: str | None = None
    adresseDestinataireComplement1: str | None = None
    adresseDestinataireComplement2: str | None = None
    adresseDestinataireCodePostal: str | None = None
    adresseDestinataireVille: str | None = None
    adresseDestinataireCodePays: str | None = None
    adresseDestinataireLibellePays: str | None = None


class DestinataireFactureEmise(Objet, kw_only=True, frozen=True):
    """Part of an answer (specifications/api/factures.md)."""

    idDestinataire: int | None = None
    codeDestinataire: str | None = None  # SIRET, ≤ 14
    libelleDestinataire: str | None = None
    idServiceExecutant: int | None = None
    codeServiceExecutant: str | None = None  # ≤ 100
    libelleServiceExecutant: str | None = None
    miseEnPaiementDestinataire: bool | None = None
    adresseDestinataireId: int | None = None
    adresseDestinataireDetail: str | None = None
    adresseDestinataireComplement1: str | None = None
    adresseDestinataireComplement2: str | None = None
    adresseDestinataireCodePostal: str | None = None
    adresseDestinataireVille: str | None = None
    adresseDestinataireCodePays: str | None = None
    adresseDestinataireLibellePays: str | None = None
    designationDestinataire: str | None = None  # ≤ 201: company name, or last + first name
