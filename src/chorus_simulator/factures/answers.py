"""Rows of the searches: one function per shape of the Swagger, unset scalars null (api/conventions.md §8)."""

from __future__ import annotations

from chorus_simulator import validation, values
from chorus_simulator.model import Facture
from chorus_simulator.operations import Answer
from chorus_simulator.world import World
from chorus_simulator.writing import day, instant


def size_of(facture: Facture) -> int:
    """The weight of its files in bytes: `taille`, which searches give on `recupererTaille`."""
    return sum(piece.blob.size for piece in facture.pieces)


def _routing(world: World, facture: Facture) -> Answer:
    recipient = world.structures[facture.idDestinataire]
    service = recipient.service(facture.codeService)
    return {
        "idDestinataire": recipient.idStructureCPP,
        "designationDestinataire": recipient.designation,
        "idServiceExecutant": service.idService if service else None,
        "codeServiceExecutant": facture.codeService or None,
        "nomServiceExecutant": service.nomService if service else None,
    }


def _supplier(world: World, facture: Facture) -> Answer:
    supplier = world.structures[facture.idFournisseur]
    return {
        "codeFournisseur": supplier.identifiant,
        "typeIdentifiantFournisseur": supplier.typeIdentifiant,
        "designationFournisseur": supplier.designation,
        "codeServiceFournisseur": None,
        "nomServiceFournisseur": None,
    }


def _head(facture: Facture) -> Answer:
    return {
        "typeDemandePaiement": facture.typeDemandePaiement,
        "typeFacture": facture.typeFacture,
        "numeroFacture": facture.numero,
        "dateFacture": day(facture.dateFacture),
        "dateDepot": day(facture.dateDepot),
        "montantHT": facture.montantHT,
        "montantTTC": facture.montantTTC,
        "montantAPayer": facture.montantAPayer,
        "devise": facture.devise,
        "statut": facture.statut,
        "numeroMarche": facture.numeroMarche or None,
    }


def _state(world: World, facture: Facture) -> Answer:
    return {
        "dateHeureEtatCourant": instant(world, facture.etat_depuis),
        "commentaireEtatCourant": facture.etat_commentaire or None,
    }


def _size(facture: Facture, with_size: bool) -> Answer:
    return {"taille": size_of(facture)} if with_size else {}


def to_treat_by_supplier(world: World, facture: Facture, with_size: bool = False) -> Answer:
    """`FactureRechercherATraiterFournisseur`."""
    return {
        "identifiantFactureCPP": facture.id,
        **_head(facture),
        **_supplier(world, facture),
        "codeDestinataire": world.structures[facture.idDestinataire].identifiant,
        **_routing(world, facture),
        "numeroBonCommande": facture.numeroBonCommande or None,
        **_size(facture, with_size),
    }


def issued(world: World, facture: Facture, with_size: bool = False) -> Answer:
    """`RetourRechercherFactureParFournisseur`."""
    return {
        **to_treat_by_supplier(world, facture, with_size),
        **_state(world, facture),
        "numeroFluxDepot": facture.numeroFluxDepot,
        **_validator(world, facture.idValideur1, facture.dateValidation1, 1),
        **_validator(world, facture.idValideur2, facture.dateValidation2, 2),
        "numeroFactureOrigine": facture.numeroFactureOrigine or None,
        "modeDepot": facture.modeDepot,
        "coordBancairesFournisseurCompteBancaire": facture.iban or None,
        "nomPrenomUtilisateurCreateur": _creator(world, facture) or None,
        "rejetTraite": facture.rejetTraite,
    }


def _creator(world: World, facture: Facture) -> str:
    author = world.author(facture.par)
    return f"{author.nom} {author.prenom}".strip()


def _validator(world: World, number: int | None, when: object, rank: int) -> Answer:
    structure = world.structure(number)
    row: Answer = {
        f"typeIdentifiantValideur{rank}": structure.typeIdentifiant if structure else None,
        f"codeValideur{rank}": structure.identifiant if structure else None,
        f"raisonSocialeValideur{rank}": structure.designation if structure else None,
    }
    if when is not None:
        row[f"dateValidation{rank}"] = str(when)
    return row


def received(world: World, facture: Facture, with_size: bool = False) -> Answer:
    """`FactureRechercheRecipiendaire`."""
    row = {
        "idFacture": facture.id,
        **_head(facture),
        **_supplier(world, facture),
        "codeDestinataire": world.structures[facture.idDestinataire].identifiant,
        **_routing(world, facture),
        "typeFactureTravaux": facture.typeFactureTravaux,
        "numeroBonCommande": facture.numeroBonCommande or None,
        "factureTelechargeeParDestinataire": facture.telechargee,
        **_state(world, facture),
        **_size(facture, with_size),
    }
    for role, number in (("MOE", facture.idMoe), ("MOA", facture.idMoa)):
        structure = world.structure(number)
        row[f"code{role}"] = structure.identifiant if structure else None
        row[f"typeIdentifiant{role}"] = structure.typeIdentifiant if structure else None
        row[f"designation{role}"] = structure.designation if structure else None
    return row


def for_validator(world: World, facture: Facture) -> Answer:
    """`FactureRechercheValideur`; it calls the commitment `numeroEngagement`."""
    supplier, recipient = world.structures[facture.idFournisseur], world.structures[facture.idDestinataire]
    validator = world.structure(validation.awaited(facture) or facture.idValideur2 or facture.idValideur1)
    row = {
        "idFacture": facture.id,
        **_head(facture),
        "idFournisseur": supplier.idStructureCPP,
        "identifiantFournisseur": supplier.identifiant,
        "typeIdentifiantFournisseur": supplier.typeIdentifiant,
        "designationFournisseur": supplier.designation,
        **_routing(world, facture),
        "typeIdentifiantDestinataire": recipient.typeIdentifiant,
        "identifiantDestinataire": recipient.identifiant,
        "idValideur": validator.idStructureCPP if validator else None,
        "typeIdentifiantValideur": validator.typeIdentifiant if validator else None,
        "identifiantValideur": validator.identifiant if validator else None,
        "designationValideur": validator.designation if validator else None,
        "typeFactureTravaux": facture.typeFactureTravaux,
        "numeroEngagement": facture.numeroBonCommande or None,
    }
    for role, structure_id in (("Moe", facture.idMoe), ("Moa", facture.idMoa)):
        structure = world.structure(structure_id)
        row[f"id{role}"] = structure.idStructureCPP if structure else None
        row[f"identifiant{role}"] = structure.identifiant if structure else None
        row[f"designation{role}"] = structure.designation if structure else None
    return row


def payment_request(world: World, facture: Facture, total: int) -> Answer:
    """`RechercherDemandePaiementOutputListeDemandePaiement`; `nombreResultatTotal` is a string there."""
    supplier, recipient = world.structures[facture.idFournisseur], world.structures[facture.idDestinataire]
    service = recipient.service(facture.codeService)
    return {
        "idDemandePaiement": facture.id,
        "numeroDemandePaiement": facture.numero,
        "typeDemandePaiement": facture.typeDemandePaiement,
        "typeFacture": facture.typeFacture,
        "typeFactureTravaux": facture.typeFactureTravaux,
        "cadreFacturation": values.CADRES.get(facture.cadre),
        "etatCourant": facture.statut,
        **_state(world, facture),
        "dateFournisseur": day(facture.dateFacture),
        "dateDepot": day(facture.dateDepot),
        "montantHT": facture.montantHT,
        "montantTTC": facture.montantTTC,
        "montantAPayer": facture.montantAPayer,
        "numeroMarche": facture.numeroMarche or None,
        "numeroBonCommande": facture.numeroBonCommande or None,
        "numeroFactureOrigine": facture.numeroFactureOrigine or None,
        "idStructureFournisseur": supplier.idStructureCPP,
        "identifiantStructureFournisseur": supplier.identifiant,
        "idStructureMoe": facture.idMoe,
        "idStructureMoa": facture.idMoa,
        "idStructureValideur1": facture.idValideur1,
        "idStructureValideur2": facture.idValideur2,
        "idStructureDestinataire": recipient.idStructureCPP,
        "identifiantStructureDestinataire": recipient.identifiant,
        "idServiceDestinataire": service.idService if service else None,
        "codeServiceDestinataire": facture.codeService or None,
        "nomServiceDestinataire": service.nomService if service else None,
        "dpOuDpArchive": "DEMANDE_PAIEMENT",
        "numeroDpMandat": facture.numeroDPMandat or None,
        "nombreResultatTotal": str(total),
    }
