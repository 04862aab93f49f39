"""The shapes of the Structures API (specifications/api/structures.md)."""

from __future__ import annotations

from chorus_simulator.operations import Answer
from chorus_simulator.parties import Adresse, Service, Structure
from chorus_simulator.world import World
from chorus_simulator.writing import instant, minute, without_none

FLAGS = (
    "codeServiceDoitEtreRenseigne",
    "connexionEDI",
    "estMoaUniquement",
    "estValideurDelegue",
    "gestionNumeroEJOuCodeService",
    "getaMoa",
    "nonDiffusibleInsee",
    "numeroEJDoitEtreRenseigne",
    "recevoirDonneesViaEDI",
    "statutMiseEnPaiementNestPasRemonte",
)


def row(structure: Structure) -> Answer:
    """`StructureAAfficher`."""
    return {
        "idStructureCPP": structure.idStructureCPP,
        "identifiantStructure": structure.identifiant,
        "typeIdentifiantStructure": structure.typeIdentifiant,
        "designationStructure": structure.designation,
        "statut": structure.statut,
    }


def address(where: Adresse) -> Answer:
    """`AdressePostale` (api/structures.md): lines that are empty are null."""
    return {
        "adresse": where.adresse,
        "complementAdresse1": where.complementAdresse1 or None,
        "complementAdresse2": where.complementAdresse2 or None,
        "codePostal": where.codePostal,
        "ville": where.ville,
        "pays": where.pays,
        "telephone": where.telephone or None,
        "fax": where.fax or None,
    }


def general(world: World, structure: Structure, *, own: bool) -> Answer:
    """`informationGenerales`; the expiry of the technical password only for the structures of the account."""
    accounts = world.accounts_of(structure.idStructureCPP) if own and world.switches.on("expiration_lisible") else []
    expiries = [account.expires_at for account in accounts if account.expires_at and account.state == "ACTIF"]
    dated = without_none({"dateExpirationMotPasseCompteTech": instant(world, max(expiries, default=None))})
    return {
        "idStructureCPP": structure.idStructureCPP,
        "identifiantStructure": structure.identifiant,
        "typeIdentifiantStructure": structure.typeIdentifiant,
        "structurePriveePublique": structure.structurePriveePublique,
        "raisonSocialeStructure": structure.designation,
        "libelleStructure": structure.designation,
        "nomStructure": structure.nom or None,
        "prenomStructure": structure.prenom or None,
        "emailStructure": structure.email or None,
        "numeroTVA": structure.numeroTVA or None,
        "numeroRcsStructure": structure.numeroRcs or None,
        "estValideurDeleguee": structure.estValideurDelegue,
        **dated,
    }


def flags(structure: Structure) -> Answer:
    """`parametres`: the flags of directory.md §3, by their name."""
    return {name: getattr(structure, name) for name in FLAGS}


def exposed(service: Service) -> Answer:
    """`ServiceExpose`, with the dates that official samples show beside it."""
    dates = {"dateDbtService": minute(service.dateDebutValidite), "dateFinService": minute(service.dateFinValidite)}
    return {
        "idService": service.idService,
        "codeService": service.codeService,
        "libelleService": service.nomService,
        "estActif": service.estActif,
        "statutService": "ACTIF" if service.estActif else "INACTIF",
        **without_none(dates),
    }


def service_parameters(world: World, service: Service) -> Answer:
    """`parametres` of one service, dates that are unknown left out (api/structures.md §4)."""
    dates = {
        name: instant(world, getattr(service, name))
        for name in ("dateDebutValidite", "dateFinValidite", "dateCreation", "dateModification")
    }
    return {
        "numeroEngagement": service.numeroEngagement,
        "miseEnPaiement": service.miseEnPaiement,
        **without_none(dates),
    }
