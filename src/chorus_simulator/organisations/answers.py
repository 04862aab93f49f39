"""The shapes of the REST directory (specifications/api/organisations.md)."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from chorus_simulator.operations import Answer
from chorus_simulator.parties import Service, Structure
from chorus_simulator.world import World
from chorus_simulator.writing import instant, without_none


def structure_uuid(structure: Structure) -> str:
    """The uuid of a structure: its id in ours, so that `structure_number` reads it back without a table."""
    return str(UUID(int=(0x5AC0 << 112) | structure.idStructureCPP))


def structure_number(uuid: str) -> int:
    """The `idStructureCPP` behind a uuid of ours, -1 for another."""
    try:
        number = UUID(uuid).int
    except ValueError:
        return -1
    return number & ((1 << 64) - 1) if number >> 112 == 0x5AC0 else -1


def service_uuid(structure: Structure, service: Service) -> str:
    """The uuid of a service, the same at every run."""
    return str(uuid5(NAMESPACE_URL, f"{structure.idStructureCPP}/{service.idService}"))


def structure(world: World, one: Structure) -> Answer:
    """The shape of api/organisations.md, Structure; dates that are unknown are left out."""
    where = one.adresse
    return {
        "uuid": structure_uuid(one),
        "identifiant": one.identifiant,
        "typeIdentifiant": one.typeIdentifiant,
        "libelleOrganisation": one.designation,
        "raisonSociale": one.designation,
        "nomStructure": one.nom,
        "prenomStructure": one.prenom,
        "typeOrganisation": "public" if one.publique else "private",
        "status": "active" if one.active else "inactive",
        "numeroTvaIntracommunautaire": one.numeroTVA,
        "numeroRcsStructure": one.numeroRcs,
        "structureOrigine": one.idStructureCPP,
        "adresse": where.adresse,
        "complementAdresse1": where.complementAdresse1,
        "complementAdresse2": where.complementAdresse2,
        "codePostal": where.codePostal,
        "ville": where.ville,
        "pays": where.pays,
        "adresseElectronique": one.email,
        "telephone": where.telephone,
        "gestionNumeroEJOuCodeService": one.gestionNumeroEJOuCodeService,
        "numeroEjDoitEtreRenseigne": one.numeroEJDoitEtreRenseigne,
        "codeServiceDoitEtreRenseigne": one.codeServiceDoitEtreRenseigne,
        "statutMiseEnPaiementNestPasRemonte": one.statutMiseEnPaiementNestPasRemonte,
        "avecMOA": one.getaMoa,
        "estMOAUniquement": one.estMoaUniquement,
        "recevoirCyclesViesEdi": one.recevoirDonneesViaEDI,
        "emetteurFluxEdi": one.connexionEDI,
        "nonDiffusibleInsee": one.nonDiffusibleInsee,
        **without_none({"derniereMaj": instant(world, one.derniereMaj)}),
    }


def service(world: World, owner: Structure, one: Service) -> Answer:
    """The shape of api/organisations.md, Service; dates that are unknown are left out."""
    dates = {
        "dateCreation": one.dateCreation,
        "dateDebutActivation": one.dateDebutValidite,
        "dateFinActivation": one.dateFinValidite,
        "dateModification": one.dateModification,
    }
    where = one.adresse
    return {
        "uuid": service_uuid(owner, one),
        "codeService": one.codeService,
        "libelle": one.nomService,
        "description": one.descriptionService,
        "rattachementOrganisation": structure_uuid(owner),
        "etatService": "ACTIF" if one.estActif else "INACTIF",
        "adresse": where.adresse,
        "codePostal": where.codePostal,
        "ville": where.ville,
        "pays": where.pays,
        "telephone": where.telephone,
        "numeroEj": one.numeroEngagement,
        **without_none({name: instant(world, moment) for name, moment in dates.items()}),
    }
